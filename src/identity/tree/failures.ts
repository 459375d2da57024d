import { failure } from '../../kernel/index.ts'

export const TenantUnknown = failure('TENANT_UNKNOWN', 404, (name: string) => ({
  says: `There is no tenant "${name}", or none that you may see`,
  next: 'List them: towpath tenant list',
}))

export const TenantNameTaken = failure('TENANT_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a tenant "${name}" already`,
  next: 'Choose another name',
}))

export const TenantStays = failure('TENANT_STAYS', 409, (why: string) => ({
  says: `The tenant can not be deleted: ${why}`,
  next: 'Delete what it holds first',
}))

export const NodeUnknown = failure('NODE_UNKNOWN', 404, (what: string) => ({
  says: `There is no group or resource "${what}" in this tenant, or none that you may see`,
  next: 'List them: towpath group list',
}))

export const NodeNameTaken = failure('NODE_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a "${name}" of this kind at that place already`,
  next: 'Choose another name or place',
}))

export const NodeNotEmpty = failure('NODE_NOT_EMPTY', 409, (what: string, holds: string) => ({
  says: `"${what}" still holds ${holds}`,
  next: 'Move or delete that first',
}))

export const NodeMoveRefused = failure('NODE_MOVE_REFUSED', 409, (why: string) => ({
  says: `It can not be moved there: ${why}`,
  next: 'Choose another place',
}))

export const LockUnknown = failure('LOCK_UNKNOWN', 404, (id: string) => ({
  says: `There is no lock ${id} in this tenant, or none that you may see`,
  next: 'List them: towpath access locks',
}))
