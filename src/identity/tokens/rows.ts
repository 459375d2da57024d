import { type Migration, type ReadTx, sql } from '../../kernel/index.ts'
import { type ScopeMap, SYSTEM_SCOPE_MAPS } from './scope-map.ts'

export type TokenPassword = {
  readonly slot: 1 | 2
  readonly hash: string
  /** UTC milliseconds; grows with every new password of the slot. */
  readonly changedAt: number
  /** UTC milliseconds; null: it does not end. */
  readonly expiresAt: number | null
}

/** A name for programs to sign in by, with two passwords, bound to one registry and one scope map. */
export type RegistryToken = {
  /** `tok_…`: a token of the same name that is made later is another one. */
  readonly id: string
  readonly registryId: string
  readonly name: string
  readonly scopeMap: string
  readonly enabled: boolean
  readonly createdAt: number
  readonly passwords: readonly TokenPassword[]
}

/** A token as regions know it: what its scope map says stands in it. */
export type TokenConfig = Omit<RegistryToken, 'scopeMap' | 'createdAt'> & { readonly actions: readonly string[] }

/** Of the control database. */
export const tokenMigrations: readonly Migration[] = [
  {
    id: 'identity-tokens-1',
    statements: [
      `create table scope_map (
        registry_id {text} not null, name {text} not null, description {text} not null,
        actions {text} not null, created_at {bigint} not null, updated_at {bigint} not null,
        primary key (registry_id, name)
      ){strict}`,
      `create table registry_token (
        registry_id {text} not null, name {text} not null, id {text} not null, scope_map {text} not null,
        enabled {bigint} not null, created_at {bigint} not null, updated_at {bigint} not null,
        primary key (registry_id, name)
      ){strict}`,
      'create index registry_token_by_scope_map on registry_token (registry_id, scope_map, name)',
      // expires_at 0: never.
      `create table registry_token_password (
        registry_id {text} not null, token_id {text} not null, slot {bigint} not null, hash {text} not null,
        changed_at {bigint} not null, expires_at {bigint} not null,
        primary key (registry_id, token_id, slot)
      ){strict}`,
      `create table signing_key (
        kid {text} not null, x {text} not null, created_at {bigint} not null,
        signs_from {bigint} not null, ends_at {bigint} not null,
        primary key (kid)
      ){strict}`,
    ],
  },
]

type MapRow = { registry_id: string; name: string; description: string; actions: string; created_at: number }

/** The system's first, then the registry's own by name. */
export async function readScopeMaps(db: ReadTx, registryId: string): Promise<ScopeMap[]> {
  const rows = await db.all<MapRow>(sql`select registry_id, name, description, actions, created_at
    from scope_map where registry_id = ${registryId} order by name`)
  return [...SYSTEM_SCOPE_MAPS.map(map => ({ ...map, registryId })), ...rows.map(toMap)]
}

export async function findScopeMap(db: ReadTx, registryId: string, name: string): Promise<ScopeMap | undefined> {
  const system = SYSTEM_SCOPE_MAPS.find(map => map.name === name)
  if (system) return { ...system, registryId }
  const row = await db.one<MapRow>(sql`select registry_id, name, description, actions, created_at
    from scope_map where registry_id = ${registryId} and name = ${name}`)
  return row && toMap(row)
}

type TokenRow = {
  id: string
  registry_id: string
  name: string
  scope_map: string
  enabled: number
  created_at: number
}
type PasswordRow = { token_id: string; slot: 1 | 2; hash: string; changed_at: number; expires_at: number }

/** Of one registry, by name. */
export async function readTokens(db: ReadTx, registryId: string): Promise<RegistryToken[]> {
  const tokens = await db.all<TokenRow>(sql`select id, registry_id, name, scope_map, enabled, created_at
    from registry_token where registry_id = ${registryId} order by name`)
  const passwords = await db.all<PasswordRow>(sql`select token_id, slot, hash, changed_at, expires_at
    from registry_token_password where registry_id = ${registryId} order by token_id, slot`)
  return joined(tokens, passwords)
}

export async function findToken(db: ReadTx, registryId: string, name: string): Promise<RegistryToken | undefined> {
  const row = await db.one<TokenRow>(sql`select id, registry_id, name, scope_map, enabled, created_at
    from registry_token where registry_id = ${registryId} and name = ${name}`)
  if (!row) return undefined
  const passwords = await db.all<PasswordRow>(sql`select token_id, slot, hash, changed_at, expires_at
    from registry_token_password where registry_id = ${registryId} and token_id = ${row.id} order by slot`)
  return joined([row], passwords)[0]
}

/** Of all registries, in a fixed order: what regions follow. */
export async function readTokenConfigs(db: ReadTx): Promise<TokenConfig[]> {
  const tokens = await db.all<TokenRow>(sql`select id, registry_id, name, scope_map, enabled, created_at
    from registry_token order by registry_id, name`)
  if (tokens.length === 0) return []
  const passwords = await db.all<PasswordRow>(sql`select token_id, slot, hash, changed_at, expires_at
    from registry_token_password order by token_id, slot`)
  const maps = await db.all<MapRow>(sql`select registry_id, name, description, actions, created_at from scope_map`)
  const own = new Map(maps.map(map => [`${map.registry_id} ${map.name}`, toMap(map).actions]))
  const system = new Map(SYSTEM_SCOPE_MAPS.map(map => [map.name, map.actions]))
  return joined(tokens, passwords).map(({ scopeMap, createdAt: _, ...token }) => ({
    ...token,
    actions: system.get(scopeMap) ?? own.get(`${token.registryId} ${scopeMap}`) ?? [],
  }))
}

type PasswordPlace = { readonly registryId: string; readonly tokenId: string; readonly slot: number }

/** A password of a token by its age. */
export type TokenPasswordAge = PasswordPlace & Pick<TokenPassword, 'changedAt' | 'expiresAt'> & { tokenName: string }

/** Of all registries, in the order of the key, with the names of their tokens: for lists of their ages. */
export async function readTokenPasswordPage(
  db: ReadTx,
  { after, limit }: { after: PasswordPlace; limit: number },
): Promise<TokenPasswordAge[]> {
  const rows = await db.all<Omit<PasswordRow, 'hash'> & { registry_id: string }>(sql`
    select registry_id, token_id, slot, changed_at, expires_at from registry_token_password
    where (registry_id, token_id, slot) > (${after.registryId}, ${after.tokenId}, ${after.slot})
    order by registry_id, token_id, slot limit ${limit}`)
  const names = new Map<string, string>()
  // Tokens are keyed by name: each registry's are read once a page.
  for (const registryId of new Set(rows.map(row => row.registry_id))) {
    const tokens = await db.all<{ id: string; name: string }>(
      sql`select id, name from registry_token where registry_id = ${registryId}`,
    )
    for (const { id, name } of tokens) names.set(id, name)
  }
  return rows.map(row => ({
    registryId: row.registry_id,
    tokenId: row.token_id,
    slot: row.slot,
    tokenName: names.get(row.token_id) ?? row.token_id,
    changedAt: row.changed_at,
    expiresAt: row.expires_at === 0 ? null : row.expires_at,
  }))
}

function toMap(row: MapRow): ScopeMap {
  return {
    registryId: row.registry_id,
    name: row.name,
    type: 'UserDefined',
    description: row.description,
    actions: row.actions === '' ? [] : row.actions.split('\n'),
    createdAt: row.created_at,
  }
}

function joined(tokens: readonly TokenRow[], passwords: readonly PasswordRow[]): RegistryToken[] {
  const byToken = Map.groupBy(passwords, row => row.token_id)
  return tokens.map(row => ({
    id: row.id,
    registryId: row.registry_id,
    name: row.name,
    scopeMap: row.scope_map,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
    passwords: (byToken.get(row.id) ?? []).map(one => ({
      slot: one.slot,
      hash: one.hash,
      changedAt: one.changed_at,
      expiresAt: one.expires_at === 0 ? null : one.expires_at,
    })),
  }))
}
