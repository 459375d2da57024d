import { ACTIONS, type Action, DATA_ACTIONS, PLATFORM_ACTIONS } from '../roles/actions.ts'
import type { LockKind } from '../tree/node.ts'

/** Where nothing allowed it. */
export const DEFAULT_DENY = 'default-deny'

// Taking rights away must always be possible, and a lock must be removable by whoever may.
const NEVER_LOCKED: readonly string[] = [
  'lock/write',
  'lock/delete',
  'access/delete',
  'delegation/delete',
  'token/delete',
  'audit/export',
]

/** What a lock forbids, to everybody. */
export function lockedActions(kind: LockKind): Action[] {
  const all = [...ACTIONS, ...DATA_ACTIONS].filter(action => !NEVER_LOCKED.includes(action))
  return all.filter(action => (kind === 'no-delete' ? action.endsWith('/delete') : !action.endsWith('/read')))
}

/** Who runs the platform sees to tenants and to who is in them; what the tenants own he does not see by that. */
export const ADMINISTRATORS_ACTIONS: readonly Action[] = ACTIONS.filter(
  action =>
    /^(tenant|principal|access|sign-in-provider)\//.test(action) || action === 'group/read' || action === 'role/read',
)

/** By id. They hold for every tenant. */
export const PLATFORM_POLICIES: Readonly<Record<string, string>> = {
  'platform-administrator': `permit(principal, action in ${actionList(PLATFORM_ACTIONS)}, resource is Towpath::Platform)
when { principal.platformAdministrator };`,
  'platform-administrator-of-tenants': `permit(principal, action in ${actionList(ADMINISTRATORS_ACTIONS)}, resource is Towpath::Node)
when { principal.platformAdministrator };`,
  'principal-disabled': `forbid(principal, action, resource)
unless { principal.enabled };`,
}

/** A template that each assignment of this role under this condition links. */
export function rolePolicy(actions: readonly Action[], condition: string): string {
  // The line end ends a comment that the condition may close with.
  const when = condition === '' ? '' : `\nwhen { ${condition}\n}`
  return `permit(principal in ?principal, action in ${actionList(actions)}, resource in ?resource)${when};`
}

export function lockPolicy(kind: LockKind): string {
  return `forbid(principal, action in ${actionList(lockedActions(kind))}, resource in ?resource);`
}

function actionList(actions: readonly string[]): string {
  return `[${actions.map(action => `Towpath::Action::${JSON.stringify(action)}`).join(', ')}]`
}
