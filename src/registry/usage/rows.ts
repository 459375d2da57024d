import { type Migration, type Ms, type ReadTx, type Store, sql, type Tx, write } from '../../kernel/index.ts'
import { NOTHING, type Served } from './served.ts'

/** Of a region: what its processes served. Each has rows of its own, so no two ever write the same one. */
export const servedMigrations: readonly Migration[] = [
  {
    id: 'registry-usage-1',
    statements: [
      // process: a node from one start to its end, so one that starts again overwrites nothing.
      `create table served (
        registry_id {text} not null, from_at {bigint} not null, process {text} not null,
        reads {bigint} not null, reads_refused {bigint} not null,
        writes {bigint} not null, writes_refused {bigint} not null,
        deletes {bigint} not null, deletes_refused {bigint} not null,
        referrers {bigint} not null, referrers_refused {bigint} not null,
        oauth {bigint} not null, oauth_refused {bigint} not null,
        pulls {bigint} not null, pushes {bigint} not null,
        bytes_out {bigint} not null, bytes_in {bigint} not null,
        primary key (registry_id, from_at, process)
      ){strict}`,
      'create index served_by_age on served (from_at)',
    ],
  },
]

export const INTERVAL_MS: Ms = 300_000
const HOUR_MS: Ms = 3_600_000
// A week can be asked for, and its first hour begins up to an hour before.
const KEPT_MS: Ms = (7 * 24 + 1) * HOUR_MS
/** Asked for more than a day, an interval would be less than a pixel. */
const FINE_HOURS = 24
const PAGE = 500

export type ServedRow = { registryId: string; from: Ms; process: string; served: Served }

/** Rows hold all that their process served in the interval so far: written again they say the same, or more. */
export const writeServed = write('usage.served', async (tx, rows: readonly ServedRow[]): Promise<null> => {
  for (const row of rows) await writeOne(tx, row)
  return null
})

async function writeOne(tx: Tx, { registryId, from, process, served }: ServedRow): Promise<void> {
  const { requests, pulls, pushes, bytesOut, bytesIn } = served
  const { read, write: writes, delete: deletes, referrers, oauth } = requests
  await tx.run(sql`insert into served (registry_id, from_at, process, reads, reads_refused, writes, writes_refused,
      deletes, deletes_refused, referrers, referrers_refused, oauth, oauth_refused, pulls, pushes, bytes_out, bytes_in)
    values (${registryId}, ${from}, ${process}, ${read.used}, ${read.refused}, ${writes.used}, ${writes.refused},
      ${deletes.used}, ${deletes.refused}, ${referrers.used}, ${referrers.refused}, ${oauth.used}, ${oauth.refused},
      ${pulls}, ${pushes}, ${bytesOut}, ${bytesIn})
    on conflict (registry_id, from_at, process) do update set
      reads = excluded.reads, reads_refused = excluded.reads_refused,
      writes = excluded.writes, writes_refused = excluded.writes_refused,
      deletes = excluded.deletes, deletes_refused = excluded.deletes_refused,
      referrers = excluded.referrers, referrers_refused = excluded.referrers_refused,
      oauth = excluded.oauth, oauth_refused = excluded.oauth_refused,
      pulls = excluded.pulls, pushes = excluded.pushes,
      bytes_out = excluded.bytes_out, bytes_in = excluded.bytes_in`)
}

const pruneOnce = write('usage.prune', async (tx): Promise<boolean> => {
  const pruned = await tx.run(sql`delete from served where (registry_id, from_at, process) in (
    select registry_id, from_at, process from served
    where from_at < ${tx.clock.now() - KEPT_MS} order by from_at limit ${PAGE})`)
  return pruned === PAGE
})

/** Forgets what is older than a week, a page at a time. */
export async function pruneServed(store: Store, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted && (await store.write(pruneOnce, null)));
}

export const servedWrites = [writeServed, pruneOnce]

/** Of all processes together, for each step of `step` ms; the newest step is the one that `now` is in, so far. */
export type ServedHistory = { step: Ms; points: (Served & { from: Ms })[] }
type Asked = { registryId: string; hours: number; now: Ms }

/** No step is left out: what nobody asked anything in is all zeros. */
export async function readServed(db: ReadTx, { registryId, hours, now }: Asked): Promise<ServedHistory> {
  const step = hours <= FINE_HOURS ? INTERVAL_MS : HOUR_MS
  const count = (hours * HOUR_MS) / step
  const first = now - (now % step) - (count - 1) * step
  const summed = await readSums(db, registryId, { first, end: first + count * step, step })
  const points = Array.from({ length: count }, (_, i) => first + i * step).map(from => ({
    from,
    ...(summed.get(from) ?? NOTHING),
  }))
  return { step, points }
}

type Flat = Record<'reads' | 'writes' | 'deletes' | 'referrers' | 'oauth', number> &
  Record<'readsRefused' | 'writesRefused' | 'deletesRefused' | 'referrersRefused' | 'oauthRefused', number> &
  Record<'from' | 'pulls' | 'pushes' | 'bytesOut' | 'bytesIn', number>

async function readSums(
  db: ReadTx,
  registryId: string,
  { first, end, step }: { first: Ms; end: Ms; step: Ms },
): Promise<Map<Ms, Served>> {
  // Sums are numeric on PostgreSQL, but for the cast.
  const rows = await db.all<Flat>(sql`select from_at - from_at % ${step} as "from",
      cast(sum(reads) as bigint) as reads, cast(sum(reads_refused) as bigint) as "readsRefused",
      cast(sum(writes) as bigint) as writes, cast(sum(writes_refused) as bigint) as "writesRefused",
      cast(sum(deletes) as bigint) as deletes, cast(sum(deletes_refused) as bigint) as "deletesRefused",
      cast(sum(referrers) as bigint) as referrers, cast(sum(referrers_refused) as bigint) as "referrersRefused",
      cast(sum(oauth) as bigint) as oauth, cast(sum(oauth_refused) as bigint) as "oauthRefused",
      cast(sum(pulls) as bigint) as pulls, cast(sum(pushes) as bigint) as pushes,
      cast(sum(bytes_out) as bigint) as "bytesOut", cast(sum(bytes_in) as bigint) as "bytesIn"
    from served where registry_id = ${registryId} and from_at >= ${first} and from_at < ${end}
    group by 1`)
  return new Map(rows.map(row => [row.from, servedOf(row)]))
}

function servedOf(row: Flat): Served {
  const { pulls, pushes, bytesOut, bytesIn } = row
  return {
    requests: {
      read: { used: row.reads, refused: row.readsRefused },
      write: { used: row.writes, refused: row.writesRefused },
      delete: { used: row.deletes, refused: row.deletesRefused },
      referrers: { used: row.referrers, refused: row.referrersRefused },
      oauth: { used: row.oauth, refused: row.oauthRefused },
    },
    ...{ pulls, pushes, bytesOut, bytesIn },
  }
}
