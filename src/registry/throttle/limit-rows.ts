import { type Migration, type ReadTx, sql, type Tx } from '../../kernel/index.ts'
import { OPERATION_CLASSES, type OperationClass, premiumLimits, type Rate, type ThrottleLimits } from './limits.ts'

/** What is left out stays. */
export type ThrottleChange = { readonly [kind in OperationClass]?: Rate }

/** Of the control database: a row for each class of a registry that has other limits than the defaults. */
export const throttleLimitMigrations: readonly Migration[] = [
  {
    id: 'registry-throttle-1',
    statements: [
      `create table registry_throttle (
        registry_id {text} not null, class {text} not null,
        per_registry {bigint} not null, per_identity {bigint} not null,
        primary key (registry_id, class)
      ){strict}`,
    ],
  },
]

type Row = { registryId: string; class: OperationClass; registry: number; identity: number }

/** Of all registries. */
export async function readThrottles(db: ReadTx): Promise<(registryId: string) => ThrottleLimits> {
  const rows = await db.all<Row>(sql`select registry_id as "registryId", class, per_registry as registry,
    per_identity as identity from registry_throttle`)
  const changed = Map.groupBy(rows, row => row.registryId)
  return registryId => {
    const own = (changed.get(registryId) ?? []).map(row => [
      row.class,
      { registry: row.registry, identity: row.identity },
    ])
    return { ...premiumLimits, ...Object.fromEntries(own) }
  }
}

export async function changeThrottle(tx: Tx, registryId: string, change: ThrottleChange): Promise<void> {
  for (const kind of OPERATION_CLASSES) {
    const rate = change[kind]
    if (rate === undefined) continue
    await tx.run(sql`insert into registry_throttle (registry_id, class, per_registry, per_identity)
      values (${registryId}, ${kind}, ${rate.registry}, ${rate.identity})
      on conflict (registry_id, class) do update
        set per_registry = excluded.per_registry, per_identity = excluded.per_identity`)
  }
}

export async function forgetThrottle(tx: Tx, registryId: string): Promise<void> {
  await tx.run(sql`delete from registry_throttle where registry_id = ${registryId}`)
}
