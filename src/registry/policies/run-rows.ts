import { createHash } from 'node:crypto'
import { type Migration, type Ms, type ReadTx, sql, write } from '../../kernel/index.ts'
import type { ServedPolicy } from './policy.ts'

/** Of a region: when each policy ran there, so that one that is new or changed runs soon and the others by the hour. */
export const policyRunMigrations: readonly Migration[] = [
  {
    id: 'registry-policy-run-1',
    statements: [
      `create table registry_policy_run (
        registry_id {text} not null, policy_id {text} not null, rule {text} not null, ran_at {bigint} not null,
        primary key (registry_id, policy_id)
      ){strict}`,
    ],
  },
]

type Run = { registryId: string; policyId: string; rule: string }

export const recordRun = write(
  'policies.record-run',
  async (tx, { registryId, policyId, rule }: Run): Promise<null> => {
    await tx.run(sql`insert into registry_policy_run (registry_id, policy_id, rule, ran_at)
    values (${registryId}, ${policyId}, ${rule}, ${tx.clock.now()})
    on conflict (registry_id, policy_id) do update set rule = excluded.rule, ran_at = excluded.ran_at`)
    return null
  },
)

export const forgetRun = write('policies.forget-run', async (tx, run: Omit<Run, 'rule'>): Promise<null> => {
  await tx.run(sql`delete from registry_policy_run
    where registry_id = ${run.registryId} and policy_id = ${run.policyId}`)
  return null
})

export const policyRunWrites = [recordRun, forgetRun]

type RunRow = Run & { ranAt: Ms }

export async function readRuns(db: ReadTx): Promise<RunRow[]> {
  return db.all<RunRow>(sql`select registry_id as "registryId", policy_id as "policyId", rule, ran_at as "ranAt"
    from registry_policy_run order by registry_id, policy_id`)
}

/** Another one where the policy means something else. */
export function ruleOf({ kind, repositories, settings }: ServedPolicy): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, repositories, settings]))
    .digest('base64url')
}
