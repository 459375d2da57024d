/**
 * What a decision should be, written a second time: no Cedar, no SQL, and nothing of what decides in earnest. It
 * asks each rule in words and is slow.
 */
export type World = {
  nodes: { tenant: string; id: string; parent: string; kind: string }[]
  principals: { tenant: string; id: string; kind: string; enabled: boolean; administrator: boolean }[]
  members: { tenant: string; group: string; member: string }[]
  roles: { id: string; actions: string[]; notActions: string[]; dataActions: string[] }[]
  grants: {
    id: string
    tenant: string
    principalTenant: string
    principal: string
    role: string
    node: string
    onlyKind?: string
  }[]
  locks: { id: string; tenant: string; node: string; kind: 'read-only' | 'no-delete' }[]
}
export type Question = { tenant: string; principal: string; action: string; at: { tenant: string; node: string } }

export function modelDecision(world: World, { tenant, principal, action, at }: Question): [boolean, string[]] {
  const target = world.nodes.find(node => node.tenant === at.tenant && node.id === at.node)
  if (!target) return [false, ['default-deny']]
  const who = world.principals.find(one => one.tenant === tenant && one.id === principal)

  const forbidden = world.locks
    .filter(lock => lock.tenant === at.tenant && isInside(world, at.tenant, at.node, lock.node))
    .filter(lock => isLocked(lock.kind, action))
    .map(lock => lock.id)
  if (!who?.enabled) forbidden.push('principal-disabled')
  if (!who || forbidden.length > 0) return [false, forbidden.sort()]

  const allowed = world.grants
    .filter(grant => grant.tenant === at.tenant && grant.principalTenant === tenant)
    .filter(grant => isMember(world, tenant, principal, grant.principal))
    .filter(grant => isInside(world, at.tenant, at.node, grant.node))
    .filter(grant => grant.onlyKind === undefined || grant.onlyKind === target.kind)
    .filter(grant => world.roles.some(role => role.id === grant.role && roleAllows(role, action)))
    .map(grant => grant.id)
  const area = action.split('/')[0] ?? ''
  const tenants = ['tenant', 'principal', 'access', 'sign-in-provider'].includes(area)
  if (who.administrator && (tenants || /^(group|role)\/read$/.test(action)))
    allowed.push('platform-administrator-of-tenants')
  return allowed.length > 0 ? [true, allowed.sort()] : [false, ['default-deny']]
}

function isInside(world: World, tenant: string, node: string, place: string): boolean {
  if (node === place) return true
  const parent = world.nodes.find(one => one.tenant === tenant && one.id === node)?.parent ?? ''
  return parent !== '' && isInside(world, tenant, parent, place)
}

function isMember(world: World, tenant: string, id: string, group: string): boolean {
  if (id === group) return true
  return world.members.some(
    one => one.tenant === tenant && one.member === id && isMember(world, tenant, one.group, group),
  )
}

function isLocked(kind: string, action: string): boolean {
  const free = ['lock/write', 'lock/delete', 'access/delete', 'delegation/delete', 'token/delete', 'audit/export']
  if (free.includes(action)) return false
  const verb = action.split('/').at(-1)
  return kind === 'no-delete' ? verb === 'delete' : verb !== 'read'
}

function roleAllows(role: World['roles'][number], action: string): boolean {
  const fits = (pattern: string) => {
    if (pattern === '*') return true
    const parts = pattern.split('/')
    const asked = action.split('/')
    if (parts.at(-1) !== '*') return pattern === action
    return asked.length >= parts.length && parts.slice(0, -1).every((part, i) => part === asked[i])
  }
  if (/^registry\/(content|metadata)\//.test(action)) return role.dataActions.some(fits)
  return role.actions.some(fits) && !role.notActions.some(fits)
}
