import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type AuditFilter, auditMigrations, auditWrites, queryAudit } from '../src/audit/index.ts'
import { leaseMigrations, leaseWrites, openSqlite, systemClock } from '../src/kernel/index.ts'
import { median } from './support/measure.ts'
import { micros, report, times, whole } from './support/report.ts'
import { seeded } from './support/seeded.ts'

const TENANT = 'ten_bench'
/** A hundred records each where there are the fewest: every page is full. */
const RESOURCES = 100
const ACTORS = 100
const START = Date.UTC(2026, 0, 1)
/** One entry each 3 s: ten million are a year. */
const EVERY_MS = 3000
const ROUNDS = 9

type Asked = { what: string; filter: (random: () => number, rows: number) => AuditFilter; deep: boolean }

/** A page of 50 of each kind of question, as the tables grow: against the smallest, round by round. */
export async function audit(quick: boolean): Promise<void> {
  const sizes = quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000, 10_000_000]
  const per = quick ? 180 : 3600
  const places = sizes.map(rows => ({ rows, dir: mkdtempSync(join(tmpdir(), 'towpath-bench-audit-')) }))
  try {
    const stores = []
    for (const { rows, dir } of places) {
      const path = join(dir, 'audit.sqlite')
      const options = { migrations: [...leaseMigrations, ...auditMigrations], writes: [...leaseWrites, ...auditWrites] }
      const store = await openSqlite({ path, clock: systemClock('bench'), ...options })
      fill(path, rows)
      warm(path)
      stores.push({ store, rows, bytes: statSync(path).size })
    }
    const table: string[][] = []
    for (const { what, filter, deep } of QUESTIONS) {
      const rounds = stores.map(() => [] as Round[])
      for (let round = -1; round < ROUNDS; round++) {
        for (const [i, { store, rows }] of stores.entries()) {
          const random = seeded(round + 2)
          const [taken, before] = [[] as number[], cpu()]
          for (let n = 0; n < per / ROUNDS; n++) {
            const asked = filter(random, rows)
            const place = deep ? idOf(Math.floor(random() * rows)) : undefined
            const from = performance.now()
            const page = await queryAudit(store.read, asked, { limit: 50, before: place })
            taken.push((performance.now() - from) / 1000)
            if (!deep && page.records.length === 0) throw new Error(`${what}: nothing found`)
          }
          // The first round warms, and is thrown away.
          if (round >= 0) rounds[i]?.push({ p95: p95(taken), cpu: (cpu() - before) / taken.length })
        }
      }
      const [first = [], last = []] = [rounds[0], rounds.at(-1)]
      const grown = (figure: (round: Round) => number) =>
        times(median(last.map((round, i) => figure(round) / figure(first[i] ?? round))))
      const figures = rounds.map(all => micros(median(all.map(round => round.p95))))
      table.push([what, ...figures, grown(round => round.p95), grown(round => round.cpu)])
    }
    const head = [
      '50 records, p95',
      ...stores.map(({ rows }) => `of ${whole(rows)}`),
      'p95, largest to smallest',
      'CPU time',
    ]
    const bytes = stores.map(one => Math.round(one.bytes / one.rows)).at(-1) ?? 0
    report(
      'audit',
      quick,
      [head, ...table],
      `SQLite file, ${bytes} bytes a record with its indexes, in the memory of the machine; ${per} questions in ${ROUNDS} rounds.`,
    )
    for (const { store } of stores) await store.close()
  } finally {
    for (const { dir } of places) rmSync(dir, { recursive: true, force: true })
  }
}

const pick = (random: () => number, from: number) => Math.floor(random() * from)
const QUESTIONS: readonly Asked[] = [
  { what: 'the newest', deep: false, filter: () => ({ tenantId: TENANT }) },
  {
    what: 'of one resource',
    deep: false,
    filter: random => ({ tenantId: TENANT, resource: `thing_${pick(random, RESOURCES)}` }),
  },
  {
    what: 'of one actor',
    deep: false,
    filter: random => ({ tenantId: TENANT, actorId: `user:${pick(random, ACTORS)}` }),
  },
  {
    what: 'of one hour',
    deep: false,
    filter: (random, rows) => {
      const from = START + pick(random, rows * EVERY_MS - 3_600_000)
      return { tenantId: TENANT, from, to: from + 3_600_000 }
    },
  },
  { what: 'a page in the middle', deep: true, filter: () => ({ tenantId: TENANT }) },
  {
    what: 'of one resource, a page in the middle',
    deep: true,
    filter: random => ({ tenantId: TENANT, resource: `thing_${pick(random, RESOURCES)}` }),
  },
]

/** Rows as the sealer leaves them, written straight: recording and sealing ten million would take an hour. */
function fill(path: string, rows: number): void {
  const db = new DatabaseSync(path)
  db.exec('pragma synchronous = off; pragma cache_size = -200000; pragma temp_store = memory')
  // Indexes of a full table are built in a tenth of the time.
  const indexes = db.prepare(`select name, sql from sqlite_schema where type = 'index' and sql is not null`).all()
  for (const { name } of indexes) db.exec(`drop index ${name}`)
  db.exec('begin')
  const insert = db.prepare(`insert into audit_entry (tenant_id, id, region_id, sequence, hash, actor_id, actor_kind,
    actor_tenant_id, on_behalf_of, managing_tenant_id, action, resource, result, policy_id, request_id, detail)
    values (?, ?, 'home', ?, ?, ?, 'user', 'ten_bench', '[]', '', 'thing/write', ?, 'done', 'policy0', ?, ?)`)
  const random = seeded(1)
  for (let n = 0; n < rows; n++) {
    const [actor, resource] = [`user:${pick(random, ACTORS)}`, `thing_${pick(random, RESOURCES)}`]
    const hash = Buffer.alloc(32, n).toString('base64url')
    const detail = `{"name":"thing number ${n}","size":${n}}`
    insert.run(TENANT, idOf(n), n + 1, hash, actor, resource, `req_${n.toString(36).padStart(26, '0')}`, detail)
    if (n % 500_000 === 499_999) db.exec('commit; begin')
  }
  db.exec('commit')
  for (const index of indexes) db.exec(String(index.sql))
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
}

/** Into the memory of the machine: this measures the tables, not the disk. */
function warm(path: string): void {
  const [file, bytes] = [openSync(path, 'r'), Buffer.alloc(4 * 1024 * 1024)]
  while (readSync(file, bytes) > 0);
  closeSync(file)
}

function idOf(n: number): string {
  return `${(START + n * EVERY_MS).toString(16).padStart(12, '0')}-0000-home.0.${n.toString(32).padStart(8, '0')}`
}

type Round = { p95: number; cpu: number }

/** Of this thread, seconds: SQLite works in it, and whoever else uses the machine does not count. In steps of some ms. */
function cpu(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}

function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN
}
