import { type Migration, type Ms, type ReadTx, sql, type Tx } from '../../kernel/index.ts'
import { REFRESH_LIFE } from '../tokens/token.ts'

/** What one tenant ended lately, as regions hear it: tokens that were bought with it are refused. */
export type Ended = {
  readonly tenantId: string
  /** `session:<id>`, `certificate:<id>` or `federation:<id>`. */
  readonly proofs: readonly string[]
  /** UTC milliseconds; 0: nothing was left out of the list. Else tokens that were issued until then are refused whoever vouches. */
  readonly before: Ms
}

/** Clocks of two machines differ by this much at most. */
const SKEW_MS = 60_000
/** What a proof bought is dead by then, without anybody's word. */
const KEPT_MS = REFRESH_LIFE * 1000 + 2 * SKEW_MS
/** 2,000 of one tenant are 90 KB in every region's memory. */
const MOST = 2000
/** Stands in the place of the proofs that were too many. */
const ALL = '*'

/** Of the control database. */
export const endedMigration: Migration = {
  id: 'identity-3-ended-proofs',
  statements: [
    `create table ended_proof (
      tenant_id {text} not null, proof {text} not null, ended_at {bigint} not null,
      primary key (tenant_id, proof)
    ) {strict}`,
    'create index ended_proof_by_time on ended_proof (tenant_id, ended_at, proof)',
  ],
}

type EndedRow = { tenant_id: string; proof: string; ended_at: number }

/**
 * For whoever ends a session, a certificate or a trust, in that transaction: regions never saw its row, so they are
 * told that it is gone. Past `most` in three hours the oldest are dropped, and all tokens of the tenant that are as
 * old are refused instead: people sign in to the registry again, and nobody's sign-out is lost.
 */
export async function recordEnded(tx: Tx, tenantId: string, proof: string, most = MOST): Promise<void> {
  const now = tx.clock.now()
  await tx.run(sql`delete from ended_proof where tenant_id = ${tenantId} and ended_at < ${now - KEPT_MS}`)
  await put(tx, { tenant_id: tenantId, proof, ended_at: now })
  const last = await tx.one<EndedRow>(sql`select tenant_id, proof, ended_at from ended_proof
    where tenant_id = ${tenantId} and proof <> ${ALL} order by ended_at desc, proof limit 1 offset ${most}`)
  if (!last) return
  await tx.run(sql`delete from ended_proof
    where tenant_id = ${tenantId} and proof <> ${ALL} and ended_at <= ${last.ended_at}`)
  await put(tx, { ...last, proof: ALL, ended_at: last.ended_at + SKEW_MS })
}

/** All tokens of all tenants until now: a restore knows nothing of what ended after its backup was made. */
export async function recordAllEnded(tx: Tx): Promise<void> {
  const tenants = await tx.all<{ id: string }>(sql`select id from tenant`)
  for (const { id } of tenants) await put(tx, { tenant_id: id, proof: ALL, ended_at: tx.clock.now() })
}

/** Of all tenants, in a fixed order. It changes with a write only, so that a document that holds it does too. */
export async function readEnded(db: ReadTx): Promise<Ended[]> {
  const rows = await db.all<EndedRow>(sql`select tenant_id, proof, ended_at from ended_proof order by tenant_id, proof`)
  return [...Map.groupBy(rows, row => row.tenant_id)].map(([tenantId, own]) => ({
    tenantId,
    proofs: own.filter(row => row.proof !== ALL).map(row => row.proof),
    before: own.find(row => row.proof === ALL)?.ended_at ?? 0,
  }))
}

async function put(tx: Tx, { tenant_id, proof, ended_at }: EndedRow): Promise<void> {
  await tx.run(sql`insert into ended_proof (tenant_id, proof, ended_at) values (${tenant_id}, ${proof}, ${ended_at})
    on conflict (tenant_id, proof) do update set ended_at = excluded.ended_at`)
}
