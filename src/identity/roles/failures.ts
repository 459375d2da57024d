import { failure } from '../../kernel/index.ts'

export const RoleUnknown = failure('ROLE_UNKNOWN', 404, (what: string) => ({
  says: `There is no role "${what}" here`,
  next: 'List them: towpath role list',
}))

export const RoleNameTaken = failure('ROLE_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a role "${name}" already`,
  next: 'Choose another name',
}))

export const RoleRefused = failure('ROLE_REFUSED', 400, (why: string) => ({
  says: why,
  next: 'See what can be allowed: towpath role actions',
}))

export const RoleInUse = failure('ROLE_IN_USE', 409, (name: string, assignment: string) => ({
  says: `The role "${name}" is assigned (${assignment})`,
  next: 'Take it away from whoever has it first: towpath access revoke',
}))

export const AssignmentUnknown = failure('ASSIGNMENT_UNKNOWN', 404, (id: string) => ({
  says: `There is no assignment ${id} in this tenant, or none that you may see`,
  next: 'List them: towpath access list',
}))

export const AssignmentRefused = failure('ASSIGNMENT_REFUSED', 409, (why: string, next: string) => ({
  says: why,
  next,
}))
