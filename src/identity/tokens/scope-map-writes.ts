import { sql, type Tx, write } from '../../kernel/index.ts'
import { ScopeMapInUse, ScopeMapIsSystem, ScopeMapTaken, ScopeMapTooLong, ScopeMapUnknown } from './failures.ts'
import { findScopeMap } from './rows.ts'
import type { ScopeMap } from './scope-map.ts'
import { MOST_ACTIONS, parseScopeAction } from './scope-rules.ts'

type Name = { registryId: string; name: string }
export type NewScopeMap = Name & { description: string; actions: readonly string[] }

const createScopeMap = write('tokens.create-scope-map', (tx, input: NewScopeMap) => insertScopeMap(tx, input))

export async function insertScopeMap(tx: Tx, { registryId, name, description, actions }: NewScopeMap) {
  const held = await findScopeMap(tx, registryId, name)
  if (held) throw ScopeMapTaken(name)
  const now = tx.clock.now()
  const lines = normal(actions)
  await tx.run(sql`insert into scope_map (registry_id, name, description, actions, created_at, updated_at)
    values (${registryId}, ${name}, ${description}, ${lines.join('\n')}, ${now}, ${now})`)
  const made: ScopeMap = { registryId, name, type: 'UserDefined', description, actions: lines, createdAt: now }
  return made
}

type Change = Name & { description?: string | undefined; add: readonly string[]; remove: readonly string[] }

/** Adding and removing, not setting: two people who each add one keep both. */
const updateScopeMap = write('tokens.update-scope-map', async (tx, change: Change): Promise<ScopeMap> => {
  const held = await own(tx, change)
  const removed = new Set(normal(change.remove))
  const actions = normal([...held.actions.filter(action => !removed.has(action)), ...change.add])
  const description = change.description ?? held.description
  await tx.run(sql`update scope_map
    set description = ${description}, actions = ${actions.join('\n')}, updated_at = ${tx.clock.now()}
    where registry_id = ${change.registryId} and name = ${change.name}`)
  return { ...held, description, actions }
})

const deleteScopeMap = write('tokens.delete-scope-map', async (tx, { registryId, name }: Name): Promise<null> => {
  await own(tx, { registryId, name })
  const user = await tx.one<{ name: string }>(sql`select name from registry_token
    where registry_id = ${registryId} and scope_map = ${name} order by name limit 1`)
  if (user) throw ScopeMapInUse(name, user.name)
  await tx.run(sql`delete from scope_map where registry_id = ${registryId} and name = ${name}`)
  return null
})

export const scopeMapWrites = [createScopeMap, updateScopeMap, deleteScopeMap]
export const scopeMaps = { create: createScopeMap, update: updateScopeMap, delete: deleteScopeMap } as const

async function own(tx: Tx, { registryId, name }: Name): Promise<ScopeMap> {
  const held = await findScopeMap(tx, registryId, name)
  if (!held) throw ScopeMapUnknown(name)
  if (held.type === 'SystemDefined') throw ScopeMapIsSystem(name)
  return held
}

function normal(actions: readonly string[]): string[] {
  const lines = [...new Set(actions.map(parseScopeAction))].sort()
  if (lines.length > MOST_ACTIONS) throw ScopeMapTooLong(MOST_ACTIONS)
  return lines
}
