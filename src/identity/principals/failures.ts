import { failure } from '../../kernel/index.ts'

export const PrincipalUnknown = failure('PRINCIPAL_UNKNOWN', 404, (what: string) => ({
  says: `There is no principal "${what}" in this tenant, or none that you may see`,
  next: 'List them: towpath principal list',
}))

export const PrincipalNameTaken = failure('PRINCIPAL_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a principal "${name}" in this tenant already`,
  next: 'Choose another name',
}))

export const PrincipalRefused = failure('PRINCIPAL_REFUSED', 409, (why: string) => ({
  says: why,
  next: 'Change what stands in the way, then try again',
}))

export const OwnerNeeded = failure('PRINCIPAL_OWNER_NEEDED', 400, (why: string) => ({
  says: `An agent needs a user who answers for it: ${why}`,
  next: 'Name an enabled user of the same tenant as its owner',
}))

export const GroupCycle = failure('GROUP_CYCLE', 409, (group: string, member: string) => ({
  says: `"${member}" can't be in "${group}": the group would hold itself`,
  next: 'Take one of the groups between them out first',
}))

export const GroupTooDeep = failure('GROUP_TOO_DEEP', 409, (most: number) => ({
  says: `Groups are in each other at most ${most} deep`,
  next: 'Put the members into an outer group directly',
}))
