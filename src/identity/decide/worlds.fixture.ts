import fc from 'fast-check'
import { members } from '../principals/members.ts'
import { principals } from '../principals/principals.ts'
import { ACTIONS, DATA_ACTIONS } from '../roles/actions.ts'
import { BUILT_IN_ROLES } from '../roles/built-in.ts'
import { customRoles } from '../roles/custom-roles.ts'
import { from, type openTenants } from '../tenants.fixture.ts'
import { locks } from '../tree/locks.ts'
import type { World } from './model.fixture.ts'

const TENANTS = ['ten_a', 'ten_b'] as const
const KINDS = ['group', 'registry', 'cluster'] as const
const index = fc.nat({ max: 50 })
const tenant = fc.constantFrom(...TENANTS)
const pattern = fc.constantFrom('*', 'registry/*', 'group/*', 'group/read', 'access/assign', 'lock/*', 'cluster/delete')
const dataPattern = fc.constantFrom('*', 'registry/*', 'registry/content/*', 'registry/content/read')

/** Indexes point into what was made so far, so that every drawn world is a possible one. */
export const drawnWorld = fc.record({
  nodes: fc.array(fc.record({ tenant, parent: index, kind: fc.constantFrom(...KINDS) }), { maxLength: 8 }),
  users: fc.array(fc.record({ tenant, enabled: fc.boolean() }), { minLength: 1, maxLength: 4 }),
  groups: fc.array(tenant, { maxLength: 4 }),
  members: fc.array(fc.record({ group: index, member: index }), { maxLength: 6 }),
  roles: fc.array(
    fc.record({
      tenant,
      actions: fc.array(pattern, { maxLength: 3 }),
      notActions: fc.array(pattern, { maxLength: 2 }),
      dataActions: fc.array(dataPattern, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  grants: fc.array(
    fc.record({
      who: index,
      role: fc.nat({ max: BUILT_IN_ROLES.length + 2 }),
      node: index,
      onlyKind: fc.option(fc.constantFrom(...KINDS), { nil: undefined }),
    }),
    { maxLength: 10 },
  ),
  locks: fc.array(fc.record({ node: index, kind: fc.constantFrom('read-only' as const, 'no-delete' as const) }), {
    maxLength: 2,
  }),
  questions: fc.array(fc.record({ who: index, node: index, action: fc.constantFrom(...ACTIONS, ...DATA_ACTIONS) }), {
    minLength: 10,
    maxLength: 20,
  }),
})
export type Drawn = typeof drawnWorld extends fc.Arbitrary<infer T> ? T : never

export const pick = <T>(all: readonly T[], at: number): T => {
  const found = all[at % all.length]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}
const refusedIs =
  (...codes: string[]) =>
  (error: unknown) => {
    if (error instanceof Error && 'code' in error && codes.includes(String(error.code))) return undefined
    throw error
  }

/** Puts what was drawn into the database by the real writes, and what they took into the model. */
export async function buildWorld(db: Awaited<ReturnType<typeof openTenants>>, draw: Drawn): Promise<World> {
  const { store } = db
  for (const id of TENANTS) await db.tenant(id)
  const world: World = {
    nodes: ['ten_default', ...TENANTS].map(id => ({ tenant: id, id, parent: '', kind: 'tenant' })),
    principals: [{ tenant: 'ten_default', id: 'prn_admin', kind: 'user', enabled: true, administrator: true }],
    members: [],
    roles: BUILT_IN_ROLES.map(role => ({
      id: role.id,
      actions: [...role.actions],
      notActions: [...role.notActions],
      dataActions: [...role.dataActions],
    })),
    grants: [
      {
        id: 'asg_admin_owner',
        tenant: 'ten_default',
        principalTenant: 'ten_default',
        principal: 'prn_admin',
        role: 'rol_owner',
        node: 'ten_default',
      },
    ],
    locks: [],
  }
  const rolesOf = new Map(TENANTS.map(id => [id as string, BUILT_IN_ROLES.map(role => role.id)]))

  for (const [at, { tenant, parent, kind }] of draw.nodes.entries()) {
    const places = world.nodes.filter(node => node.tenant === tenant && /tenant|group/.test(node.kind))
    const node = { tenantId: tenant, id: `nod_${at}`, parentId: pick(places, parent).id, kind, name: `n${at}` }
    if (kind === 'group') await db.group(tenant, node.id, node.parentId)
    else await db.place(node)
    world.nodes.push({ tenant, id: node.id, parent: node.parentId, kind })
  }
  for (const [at, { tenant, enabled }] of draw.users.entries()) {
    await db.principal(tenant, `prn_u${at}`)
    if (!enabled)
      await store.write(principals.enable, { tenantId: tenant, id: `prn_u${at}`, enabled, from: from(tenant) })
    world.principals.push({ tenant, id: `prn_u${at}`, kind: 'user', enabled, administrator: false })
  }
  for (const [at, tenant] of draw.groups.entries()) {
    await db.principal(tenant, `prn_g${at}`, 'group')
    world.principals.push({ tenant, id: `prn_g${at}`, kind: 'group', enabled: true, administrator: false })
  }
  for (const { group, member } of draw.members) {
    const groups = world.principals.filter(one => one.kind === 'group')
    if (groups.length === 0) break
    const { tenant, id } = pick(groups, group)
    const inner = pick(
      world.principals.filter(one => one.tenant === tenant),
      member,
    )
    const input = { tenantId: tenant, groupId: id, memberId: inner.id, from: from(tenant) }
    const refused = await store.write(members.add, input).catch(refusedIs('GROUP_CYCLE', 'GROUP_TOO_DEEP'))
    if (refused !== undefined) world.members.push({ tenant, group: id, member: inner.id })
  }
  for (const [at, { tenant, actions, notActions, dataActions }] of draw.roles.entries()) {
    const role = { id: `rol_c${at}`, name: `c${at}`, description: '', actions, notActions, dataActions }
    const made = await store
      .write(customRoles.create, { tenantId: tenant, role, from: from(tenant) })
      .catch(refusedIs('ROLE_REFUSED'))
    if (!made) continue
    world.roles.push({ id: role.id, actions, notActions, dataActions })
    rolesOf.get(tenant)?.push(role.id)
  }
  const mine = world.nodes.filter(node => node.tenant !== 'ten_default')
  for (const [at, { who, role, node, onlyKind }] of draw.grants.entries()) {
    const target = pick(mine, node)
    const principal = pick(world.principals, who)
    const roleId = pick(rolesOf.get(target.tenant) ?? [], role)
    const kind =
      target.kind === 'tenant' ? '' : target.kind === 'group' ? `/groups/${target.id}` : `/resources/${target.id}`
    const foreign = principal.tenant !== target.tenant
    const grant = { id: `asg_${at}`, tenant: target.tenant, principalTenant: principal.tenant, principal: principal.id }
    await db.delegate({
      ...{
        tenantId: grant.tenant,
        id: grant.id,
        principalTenantId: grant.principalTenant,
        principalId: grant.principal,
      },
      ...{ roleId, scope: `/tenants/${target.tenant}${kind}`, source: foreign ? `dlg_${at}` : 'direct' },
      condition: onlyKind === undefined ? '' : `resource.kind == "${onlyKind}"`,
    })
    const same = world.grants.some(
      one =>
        !foreign &&
        one.tenant === grant.tenant &&
        one.principal === grant.principal &&
        one.role === roleId &&
        one.node === target.id &&
        one.onlyKind === onlyKind,
    )
    if (same) continue
    world.grants.push({ ...grant, role: roleId, node: target.id, ...(onlyKind === undefined ? {} : { onlyKind }) })
  }
  for (const [at, { node, kind }] of draw.locks.entries()) {
    const target = pick(mine, node)
    if (world.locks.some(lock => lock.node === target.id && lock.kind === kind)) continue
    const lock = { tenantId: target.tenant, id: `lck_${at}`, nodeId: target.id, kind, note: '' }
    await store.write(locks.set, { lock, from: from(target.tenant) })
    world.locks.push({ id: lock.id, tenant: target.tenant, node: target.id, kind })
  }
  return world
}
