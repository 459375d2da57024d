import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import type { RegistryAction } from '../access.ts'
import { createDecide } from '../decide/decide.ts'
import type { World } from '../decide/model.fixture.ts'
import { buildWorld, drawnWorld } from '../decide/worlds.fixture.ts'
import { DATA_ACTIONS } from '../roles/actions.ts'
import { BUILT_IN_ROLES } from '../roles/built-in.ts'
import { openTenants } from '../tenants.fixture.ts'
import { createAccessReader } from './access-reader.ts'
import { accessDirectory } from './directory.ts'

const OPENED: Record<(typeof DATA_ACTIONS)[number], RegistryAction> = {
  'registry/content/read': 'pull',
  'registry/content/write': 'push',
  'registry/content/delete': 'delete',
  'registry/metadata/read': 'metadata_read',
  'registry/metadata/write': 'metadata_write',
}

/** Where they stand in the list that a world's grants are drawn from; after the built-in ones come custom ones. */
const DATA_ROLES = [
  ...['rol_owner', 'rol_acr_pull', 'rol_acr_push', 'rol_acr_delete'].map(id =>
    BUILT_IN_ROLES.findIndex(role => role.id === id),
  ),
  ...[BUILT_IN_ROLES.length, BUILT_IN_ROLES.length + 1],
]

/** Full enough that roles, groups and locks meet. Without conditions: under one nothing opens here. */
const dense = fc.record({
  groups: fc.array(fc.constantFrom('ten_a' as const, 'ten_b' as const), { minLength: 3, maxLength: 5 }),
  members: fc.array(fc.record({ group: fc.nat({ max: 50 }), member: fc.nat({ max: 50 }) }), {
    minLength: 5,
    maxLength: 9,
  }),
  grants: fc.array(
    fc.record({
      who: fc.nat({ max: 50 }),
      role: fc.constantFrom(...DATA_ROLES),
      node: fc.nat({ max: 50 }),
      onlyKind: fc.constant(undefined),
    }),
    { minLength: 6, maxLength: 12 },
  ),
  // High in the trees, where something lies below.
  locks: fc.array(
    fc.record({ node: fc.nat({ max: 3 }), kind: fc.constantFrom('read-only' as const, 'no-delete' as const) }),
    { minLength: 2, maxLength: 3 },
  ),
})

/** Every world gets a registry in each of its places, so that roles and locks above one always meet some. */
async function withRegistries(db: Awaited<ReturnType<typeof openTenants>>, world: World): Promise<World['nodes']> {
  const places = world.nodes.filter(node => node.kind === 'tenant' || node.kind === 'group')
  for (const [at, { tenant, id }] of places.entries())
    await db.place({ tenantId: tenant, id: `reg_${at}`, parentId: id, kind: 'registry', name: `r${at}` })
  const added = places.map(({ tenant, id }, at) => ({ tenant, id: `reg_${at}`, parent: id, kind: 'registry' }))
  return [...world.nodes.filter(node => node.kind === 'registry'), ...added]
}

test('what regions hear is what would be decided, but for conditions and other tenants, in any world', async () => {
  const [engine] = testEngines()
  assert.ok(engine)
  const seen = { allowed: 0, denied: 0, locked: 0, byGroup: 0, foreign: 0 }
  await fc.assert(
    fc.asyncProperty(drawnWorld, dense, async (drawn, more) => {
      // Every other grant is for a group, and each group has somebody in it.
      const people = 1 + drawn.users.length
      const grants = more.grants.map((one, at) =>
        at % 2 === 0 ? { ...one, who: people + (at % more.groups.length) } : one,
      )
      const filled = more.groups.map((_, at) => ({ group: at, member: 0 }))
      const draw = { ...drawn, ...more, grants, members: [...filled, ...more.members] }
      const db = await openTenants(engine)
      try {
        const world = await buildWorld(db, draw)
        const registries = await withRegistries(db, world)
        const decide = createDecide({ store: db.store, clock: db.clock })
        const access = await db.store.snapshot(read => createAccessReader(db.clock).read(read))
        const directory = accessDirectory(access, [])
        const permits = (id: string, registryId: string, action: RegistryAction) => {
          const holder = directory.find(id)
          return (holder && directory.limit(registryId, holder)?.permits(action, 'any')) ?? false
        }
        for (const { tenant, id, kind } of world.principals) {
          if (kind === 'group') continue
          for (const registry of registries) {
            const scope = { tenantId: registry.tenant, kind: 'resource' as const, nodeId: registry.id }
            for (const action of DATA_ACTIONS) {
              const opened = OPENED[action]
              const locked = directory.locks(registry.id, opened)
              const permitted = permits(id, registry.id, opened)
              const { allowed } = await decide({ caller: { tenantId: tenant, id, kind: 'user' }, action, scope })
              const what = JSON.stringify({ tenant, id, registry, action, world })
              if (tenant === registry.tenant) assert.equal(permitted && !locked, allowed, what)
              else {
                assert.equal(permitted, false, what)
                if (allowed) seen.foreign += 1
              }
              if (permitted && locked) seen.locked += 1
              if (permitted && !world.grants.some(grant => grant.principal === id)) seen.byGroup += 1
              if (permitted) seen.allowed += 1
              else seen.denied += 1
            }
          }
        }
      } finally {
        await db.store.close()
      }
    }),
    { numRuns: 40 },
  )
  // Worlds in which nothing is ever allowed would prove little.
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, `${what}: ${count}`)
})
