import { z } from 'zod'
import { DEFAULT_TENANT, parseHost } from '../identity/index.ts'
import { failure, type Migration, type ReadTx, sql, type Tx, write } from '../kernel/index.ts'
import {
  changeThrottle,
  forgetThrottle,
  readThrottles,
  type ThrottleChange,
  throttleLimitMigrations,
} from './throttle/limit-rows.ts'
import { premiumLimits, type ThrottleLimits, throttleLimits } from './throttle/limits.ts'

/** A registry as the control database has it and as every region reads it. */
export type RegistryConfig = {
  /** `reg_…`; never changes, content is keyed by it. */
  readonly id: string
  readonly name: string
  /** Lower case, with or without a port. Requests for any other host belong to `default`. */
  readonly hosts: readonly string[]
  /** Pulls need no sign-in. */
  readonly anonymousPull: boolean
  /** `endpoint`: each host's tokens are its own. `registry`: a token is good at all hosts of the registry. */
  readonly tokenAudience: 'endpoint' | 'registry'
  /** How many requests a minute each region takes. */
  readonly throttle: ThrottleLimits
}

/** Serves every host that no other registry claims; made at the first start and never deleted. */
export const DEFAULT_REGISTRY = { id: 'reg_default', name: 'default' } as const

const registryName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/, 'a lower-case letter, then letters, digits and "-", 2 to 63 in all')

const registryHost = z
  .string()
  .toLowerCase()
  .refine(text => parseHost(text) !== undefined, 'a host name or address, with or without a port, and no path')

export const registryHosts = z
  .array(registryHost)
  .max(100)
  .refine(hosts => new Set(hosts).size === hosts.length, 'each host once')

const tokenAudience = z.enum(['endpoint', 'registry'])

export const registryConfig = z.object({
  id: z.string().regex(/^reg_[0-9a-z]{1,60}$/),
  name: registryName,
  hosts: registryHosts,
  anonymousPull: z.boolean(),
  // Left out by a control of an earlier version.
  tokenAudience: tokenAudience.default('endpoint'),
  throttle: throttleLimits,
})

/** As regions hear it: with the tenant whose it is, which the audit goes by. A control of an earlier version leaves that out. */
export const servedRegistry = registryConfig.extend({ tenantId: z.string().default(DEFAULT_TENANT.id) })
export type ServedRegistry = RegistryConfig & { readonly tenantId: string }

export const RegistryUnknown = failure('REGISTRY_UNKNOWN', 404, (name: string) => ({
  says: `There is no registry "${name}"`,
  next: 'List them: towpath registry list',
}))

export const RegistryNameTaken = failure('REGISTRY_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a registry "${name}" already`,
  next: 'Choose another name, or update that one',
}))

// Whose it is stays unsaid: it may be another tenant's.
export const RegistryHostTaken = failure('REGISTRY_HOST_TAKEN', 409, (host: string) => ({
  says: `Host ${host} belongs to another registry`,
  next: 'Where that is one that you see (towpath registry list), remove it there first',
}))

export const DefaultRegistryStays = failure('REGISTRY_DEFAULT_STAYS', 409, () => ({
  says: 'The registry "default" can not be deleted: it serves every host that no other registry claims',
  next: 'Delete what it holds instead',
}))

/** Of the control database. */
export const registryConfigMigrations: readonly Migration[] = [
  {
    id: 'registry-config-1',
    statements: [
      `create table registry (
        id {text} not null, name {text} not null, anonymous_pull {bigint} not null,
        created_at {bigint} not null, updated_at {bigint} not null,
        primary key (id)
      ){strict}`,
      'create unique index registry_by_name on registry (name)',
      // One registry a host: the key says so.
      `create table registry_host (
        host {text} not null, registry_id {text} not null,
        primary key (host)
      ){strict}`,
      'create index registry_host_by_registry on registry_host (registry_id, host)',
    ],
  },
  {
    id: 'registry-config-2-token-audience',
    statements: [`alter table registry add column token_audience {text} not null default 'endpoint'`],
  },
  ...throttleLimitMigrations,
]

const ensureDefault = write('registry-config.ensure-default', async (tx): Promise<null> => {
  const now = tx.clock.now()
  await tx.run(sql`insert into registry (id, name, anonymous_pull, created_at, updated_at)
    values (${DEFAULT_REGISTRY.id}, ${DEFAULT_REGISTRY.name}, 0, ${now}, ${now}) on conflict do nothing`)
  return null
})

/** A new registry has the limits that all have first. */
type New = Omit<RegistryConfig, 'throttle'>

const createRegistry = write('registry-config.create', async (tx, config: New): Promise<RegistryConfig> => {
  const now = tx.clock.now()
  const held = await findRegistry(tx, config.name)
  // The same id again: the answer to the first attempt was lost.
  if (held?.id === config.id) return held
  if (held) throw RegistryNameTaken(config.name)
  await tx.run(sql`insert into registry (id, name, anonymous_pull, token_audience, created_at, updated_at)
    values (${config.id}, ${config.name}, ${config.anonymousPull ? 1 : 0}, ${config.tokenAudience}, ${now}, ${now})`)
  await setHosts(tx, config.id, config.hosts)
  return { ...config, throttle: premiumLimits }
})

type Change = {
  name: string
  hosts?: readonly string[]
  anonymousPull?: boolean
  tokenAudience?: RegistryConfig['tokenAudience']
  throttle?: ThrottleChange
}

const updateRegistry = write('registry-config.update', async (tx, change: Change): Promise<RegistryConfig> => {
  const held = await findRegistry(tx, change.name)
  if (!held) throw RegistryUnknown(change.name)
  const { name: _, throttle = {}, ...wanted } = change
  const next: RegistryConfig = { ...held, ...wanted, throttle: { ...held.throttle, ...throttle } }
  await tx.run(sql`update registry set anonymous_pull = ${next.anonymousPull ? 1 : 0},
    token_audience = ${next.tokenAudience}, updated_at = ${tx.clock.now()} where id = ${held.id}`)
  await setHosts(tx, held.id, next.hosts)
  await changeThrottle(tx, held.id, throttle)
  return { ...next, hosts: [...next.hosts].sort() }
})

const deleteRegistry = write('registry-config.delete', async (tx, { name }: { name: string }): Promise<null> => {
  const held = await findRegistry(tx, name)
  if (!held) throw RegistryUnknown(name)
  if (held.id === DEFAULT_REGISTRY.id) throw DefaultRegistryStays()
  await tx.run(sql`delete from registry_host where registry_id = ${held.id}`)
  await forgetThrottle(tx, held.id)
  await tx.run(sql`delete from registry where id = ${held.id}`)
  return null
})

async function setHosts(tx: Tx, id: string, hosts: readonly string[]): Promise<void> {
  await tx.run(sql`delete from registry_host where registry_id = ${id}`)
  for (const host of hosts) {
    if (await tx.one(sql`select host from registry_host where host = ${host}`)) throw RegistryHostTaken(host)
    await tx.run(sql`insert into registry_host (host, registry_id) values (${host}, ${id})`)
  }
}

/** To be given to the control store, and to be written by name. */
export const registryConfigWrites = [ensureDefault, createRegistry, updateRegistry, deleteRegistry]
export const registryConfigs = {
  ensureDefault,
  create: createRegistry,
  update: updateRegistry,
  delete: deleteRegistry,
} as const

/** By name; `default` is there from the first start. */
export async function readRegistries(db: ReadTx): Promise<RegistryConfig[]> {
  type Row = { id: string; name: string; anonymous_pull: number; token_audience: RegistryConfig['tokenAudience'] }
  const rows = await db.all<Row>(sql`select id, name, anonymous_pull, token_audience from registry order by name`)
  const hosts = await db.all<{ host: string; registry_id: string }>(
    sql`select host, registry_id from registry_host order by host`,
  )
  const throttleOf = await readThrottles(db)
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    hosts: hosts.filter(host => host.registry_id === row.id).map(host => host.host),
    anonymousPull: row.anonymous_pull === 1,
    tokenAudience: row.token_audience,
    throttle: throttleOf(row.id),
  }))
}

export async function findRegistry(db: ReadTx, name: string): Promise<RegistryConfig | undefined> {
  return (await readRegistries(db)).find(registry => registry.name === name)
}

/** Which registry a Host header means: the whole header first, then without its port, else `default`. */
export function registryByHost<R extends RegistryConfig>(registries: readonly R[]): (host: string) => R | undefined {
  const byHost = new Map(registries.flatMap(registry => registry.hosts.map(host => [host, registry] as const)))
  const rest = registries.find(registry => registry.id === DEFAULT_REGISTRY.id)
  return host => {
    if (byHost.size === 0) return rest
    const asked = host.toLowerCase()
    return byHost.get(asked) ?? byHost.get(asked.replace(/:[0-9]+$/, '')) ?? rest
  }
}
