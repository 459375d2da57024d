import { type Migration, type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import {
  type Policy,
  PolicyNameTaken,
  type PolicyRule,
  PolicyUnknown,
  parseRule,
  type ServedPolicy,
  TooManyPolicies,
} from './policy.ts'

/** Each push is held against those of its registry. */
const MOST_POLICIES = 100

/** Of the control database. */
export const policyConfigMigrations: readonly Migration[] = [
  {
    id: 'registry-policy-1',
    statements: [
      // settings: JSON, read whole; what it holds is of the kind.
      `create table registry_policy (
        registry_id {text} not null, id {text} not null, name {text} not null, kind {text} not null,
        repositories {text} not null, settings {text} not null, enabled {bigint} not null,
        created_at {bigint} not null,
        primary key (registry_id, id)
      ){strict}`,
      'create unique index registry_policy_by_name on registry_policy (registry_id, name)',
    ],
  },
]

type New = Omit<Policy, 'createdAt' | 'kind' | 'settings'> & PolicyRule

const createPolicy = write('policies.create', async (tx, policy: New): Promise<Policy> => {
  const { registryId, id, name } = policy
  const held = await readPolicies(tx, registryId)
  // The same id again: the answer to the first attempt was lost.
  const same = held.find(one => one.id === id)
  if (same) return same
  if (held.some(one => one.name === name)) throw PolicyNameTaken(name)
  if (held.length >= MOST_POLICIES) throw TooManyPolicies(MOST_POLICIES)
  const made = { ...policy, ...parseRule(policy), createdAt: tx.clock.now() }
  await insert(tx, made)
  return made
})

type Change = { registryId: string; name: string } & Partial<Pick<Policy, 'repositories' | 'enabled'>> & {
    /** Those of its kind; what is left out stays. */
    settings?: Readonly<Record<string, unknown>>
  }

const updatePolicy = write('policies.update', async (tx, input: Change): Promise<Policy> => {
  const { registryId, name, settings, ...change } = input
  const held = await mustFind(tx, registryId, name)
  const next = { ...held, ...change, settings: { ...held.settings, ...settings } }
  const made: Policy = { ...next, ...parseRule(next) }
  await tx.run(sql`delete from registry_policy where registry_id = ${registryId} and id = ${held.id}`)
  await insert(tx, made)
  return made
})

type Name = { registryId: string; name: string }

const deletePolicy = write('policies.delete', async (tx, { registryId, name }: Name): Promise<null> => {
  const { id } = await mustFind(tx, registryId, name)
  await tx.run(sql`delete from registry_policy where registry_id = ${registryId} and id = ${id}`)
  return null
})

/** With its registry. */
const forgetRegistry = write('policies.forget-registry', async (tx, { registryId }: { registryId: string }) => {
  await tx.run(sql`delete from registry_policy where registry_id = ${registryId}`)
  return null
})

export const policyConfigWrites = [createPolicy, updatePolicy, deletePolicy, forgetRegistry]
export const policyConfigs = {
  create: createPolicy,
  update: updatePolicy,
  delete: deletePolicy,
  forgetRegistry,
} as const

async function insert(tx: Tx, policy: Policy): Promise<void> {
  const { registryId, id, name, kind, repositories, settings, enabled, createdAt } = policy
  await tx.run(sql`insert into registry_policy
      (registry_id, id, name, kind, repositories, settings, enabled, created_at)
    values (${registryId}, ${id}, ${name}, ${kind}, ${repositories}, ${JSON.stringify(settings)},
      ${enabled ? 1 : 0}, ${createdAt})`)
}

type PolicyRow = {
  registry_id: string
  id: string
  name: string
  kind: string
  repositories: string
  settings: string
  enabled: number
  created_at: number
}

/** By name. */
export async function readPolicies(db: ReadTx, registryId: string): Promise<Policy[]> {
  const rows = await db.all<PolicyRow>(
    sql`select * from registry_policy where registry_id = ${registryId} order by name`,
  )
  return rows.map(toPolicy)
}

export async function findPolicy(db: ReadTx, registryId: string, name: string): Promise<Policy | undefined> {
  const row = await db.one<PolicyRow>(sql`select * from registry_policy
    where registry_id = ${registryId} and name = ${name}`)
  return row && toPolicy(row)
}

/** All registries', as regions hear them. */
export async function readServedPolicies(db: ReadTx): Promise<ServedPolicy[]> {
  const rows = await db.all<PolicyRow>(sql`select * from registry_policy where enabled = 1 order by registry_id, id`)
  return rows.map(row => {
    const { enabled: _e, createdAt: _c, ...policy } = toPolicy(row)
    return policy
  })
}

async function mustFind(db: ReadTx, registryId: string, name: string): Promise<Policy> {
  const held = await findPolicy(db, registryId, name)
  if (!held) throw PolicyUnknown(name)
  return held
}

function toPolicy(row: PolicyRow): Policy {
  const { id, name, kind, repositories } = row
  const rule = parseRule({ kind, repositories, settings: JSON.parse(row.settings) })
  const rest = { enabled: row.enabled === 1, createdAt: row.created_at }
  return { registryId: row.registry_id, id, name, repositories, ...rule, ...rest }
}
