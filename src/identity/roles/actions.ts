/**
 * Everything that can be allowed, as `<what>/<verb>`. A role names these, or a part that ends in `/*`, or `*`.
 * What ends in `/read` changes nothing; what ends in `/delete` takes away: locks go by that.
 */
export const ACTIONS = [
  'tenant/read',
  'tenant/write',
  'tenant/delete',
  'group/read',
  'group/write',
  'group/delete',
  'registry/read',
  'registry/write',
  'registry/delete',
  'pipeline/read',
  'pipeline/write',
  'pipeline/delete',
  'pipeline/run',
  'cluster/read',
  'cluster/write',
  'cluster/delete',
  'agent/read',
  'agent/write',
  'agent/delete',
  'agent/operate',
  'identity/read',
  'identity/write',
  'identity/delete',
  'principal/read',
  'principal/write',
  'principal/delete',
  'role/read',
  'role/write',
  'role/delete',
  'access/read',
  'access/assign',
  'access/delete',
  'sign-in-provider/read',
  'sign-in-provider/write',
  'sign-in-provider/delete',
  'lock/read',
  'lock/write',
  'lock/delete',
  'delegation/read',
  'delegation/write',
  'delegation/delete',
  'webhook/read',
  'webhook/write',
  'webhook/delete',
  'policy/read',
  'policy/write',
  'policy/delete',
  'token/read',
  'token/write',
  'token/delete',
  'approval/read',
  'approval/decide',
  'audit/read',
  'audit/export',
  'metric/read',
  'log/read',
  'log/write',
] as const

/** On what resources hold, not on the resources: Contributor of a registry does not pull from it by that. */
export const DATA_ACTIONS = [
  'registry/content/read',
  'registry/content/write',
  'registry/content/delete',
  'registry/metadata/read',
  'registry/metadata/write',
] as const

/** On the platform itself, for its administrators; no role names them. */
export const PLATFORM_ACTIONS = ['platform/read', 'platform/write'] as const

export type DataAction = (typeof DATA_ACTIONS)[number]
export type Action = (typeof ACTIONS)[number] | DataAction
export type PlatformAction = (typeof PLATFORM_ACTIONS)[number]

/** Whether `pattern` (`*`, a part that ends in `/*`, or an action) names `action`. */
export function names(pattern: string, action: string): boolean {
  if (pattern === '*' || pattern === action) return true
  return pattern.endsWith('/*') && action.startsWith(pattern.slice(0, -1))
}

/** Who may do what: a Contributor has none of these, and no offer delegates them. */
export const ACCESS_WRITES: readonly Action[] = [
  'access/assign',
  'access/delete',
  'role/write',
  'role/delete',
  'lock/write',
  'lock/delete',
  'delegation/write',
  'delegation/delete',
  // A member of a group has what the group has, and a token opens content.
  'principal/write',
  'principal/delete',
  'token/write',
  'token/delete',
  // It says who is who.
  'sign-in-provider/write',
  'sign-in-provider/delete',
]
