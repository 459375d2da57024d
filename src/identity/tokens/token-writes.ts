import { sql, type Tx, write } from '../../kernel/index.ts'
import { ScopeMapUnknown, TokenTaken, TokenUnknown } from './failures.ts'
import { findScopeMap, findToken, type RegistryToken } from './rows.ts'
import { insertScopeMap } from './scope-map-writes.ts'

type Name = { registryId: string; name: string }
type NewPassword = { slot: 1 | 2; hash: string; expiresAt: number | null }
type NewToken = Name & {
  id: string
  enabled: boolean
  /** A scope map that is there, or what a new one of the token's own is to allow. */
  scopeMap: { name: string } | { actions: readonly string[] }
  passwords: readonly NewPassword[]
}

const createToken = write('tokens.create', async (tx, input: NewToken): Promise<RegistryToken> => {
  const { registryId, name, id, enabled } = input
  const held = await findToken(tx, registryId, name)
  // The same id again: the answer to the first attempt was lost.
  if (held?.id === id) return held
  if (held) throw TokenTaken(name)
  const scopeMap = await mapFor(tx, input)
  const now = tx.clock.now()
  await tx.run(sql`insert into registry_token (registry_id, name, id, scope_map, enabled, created_at, updated_at)
    values (${registryId}, ${name}, ${id}, ${scopeMap}, ${enabled ? 1 : 0}, ${now}, ${now})`)
  for (const password of input.passwords) await putPassword(tx, registryId, id, password)
  return known(tx, { registryId, name })
})

type Change = Name & { scopeMap?: string | undefined; enabled?: boolean | undefined }

const updateToken = write('tokens.update', async (tx, change: Change): Promise<RegistryToken> => {
  const held = await known(tx, change)
  const next = { ...held, scopeMap: change.scopeMap ?? held.scopeMap, enabled: change.enabled ?? held.enabled }
  if (!(await findScopeMap(tx, change.registryId, next.scopeMap))) throw ScopeMapUnknown(next.scopeMap)
  await tx.run(sql`update registry_token
    set scope_map = ${next.scopeMap}, enabled = ${next.enabled ? 1 : 0}, updated_at = ${tx.clock.now()}
    where registry_id = ${change.registryId} and name = ${change.name}`)
  return next
})

/** Its scope map stays, as ACR keeps it: others may use it. */
const deleteToken = write('tokens.delete', async (tx, name: Name): Promise<null> => {
  const { id } = await known(tx, name)
  await tx.run(sql`delete from registry_token_password where registry_id = ${name.registryId} and token_id = ${id}`)
  await tx.run(sql`delete from registry_token where registry_id = ${name.registryId} and name = ${name.name}`)
  return null
})

const setPassword = write('tokens.set-password', async (tx, input: Name & NewPassword): Promise<RegistryToken> => {
  const { id } = await known(tx, input)
  await putPassword(tx, input.registryId, id, input)
  return known(tx, input)
})

const dropPassword = write(
  'tokens.drop-password',
  async (tx, input: Name & { slot: 1 | 2 }): Promise<RegistryToken> => {
    const { id } = await known(tx, input)
    await tx.run(sql`delete from registry_token_password
    where registry_id = ${input.registryId} and token_id = ${id} and slot = ${input.slot}`)
    return known(tx, input)
  },
)

/** All that a registry had here, when it is gone. */
const forgetRegistry = write('tokens.forget-registry', async (tx, { registryId }: { registryId: string }) => {
  await tx.run(sql`delete from registry_token_password where registry_id = ${registryId}`)
  await tx.run(sql`delete from registry_token where registry_id = ${registryId}`)
  await tx.run(sql`delete from scope_map where registry_id = ${registryId}`)
  return null
})

export const tokenWrites = [createToken, updateToken, deleteToken, setPassword, dropPassword, forgetRegistry]
export const registryTokens = {
  create: createToken,
  update: updateToken,
  delete: deleteToken,
  setPassword,
  dropPassword,
  forgetRegistry,
} as const

async function mapFor(tx: Tx, { registryId, name, scopeMap }: NewToken): Promise<string> {
  if ('name' in scopeMap) {
    if (!(await findScopeMap(tx, registryId, scopeMap.name))) throw ScopeMapUnknown(scopeMap.name)
    return scopeMap.name
  }
  const description = `Made with token ${name}`
  const made = await insertScopeMap(tx, {
    registryId,
    name: `${name}-scope-map`,
    description,
    actions: scopeMap.actions,
  })
  return made.name
}

async function known(tx: Tx, { registryId, name }: Name): Promise<RegistryToken> {
  const held = await findToken(tx, registryId, name)
  if (!held) throw TokenUnknown(name)
  return held
}

async function putPassword(tx: Tx, registryId: string, id: string, { slot, hash, expiresAt }: NewPassword) {
  const held = await tx.one<{ changed_at: number }>(sql`select changed_at from registry_token_password
    where registry_id = ${registryId} and token_id = ${id} and slot = ${slot}`)
  // Later than before even where the wall clock is not: issued tokens carry it to tell old from new.
  const changedAt = Math.max(tx.clock.now(), (held?.changed_at ?? 0) + 1)
  await tx.run(sql`insert into registry_token_password (registry_id, token_id, slot, hash, changed_at, expires_at)
    values (${registryId}, ${id}, ${slot}, ${hash}, ${changedAt}, ${expiresAt ?? 0})
    on conflict (registry_id, token_id, slot) do update
    set hash = excluded.hash, changed_at = excluded.changed_at, expires_at = excluded.expires_at`)
}
