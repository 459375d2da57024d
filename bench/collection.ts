import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type AnyWrite, fileBlobs, nodeDisk, openFeed, openSqlite, systemClock, type Tx } from '../src/kernel/index.ts'
import type { Digest } from '../src/oci/index.ts'
import { collectGarbage, createRegistry, defaultLimits } from '../src/registry/index.ts'
import { regionSchema } from '../src/roles/schema.ts'
import { filled, fillStore, REGISTRY } from './support/fill-store.ts'
import { median } from './support/measure.ts'
import { millis, report, whole } from './support/report.ts'

const DELETED = 100
const PAGE_BYTES = 4096
const ROUNDS = 5
const BY = {
  tenantId: 'ten_bench',
  actor: { id: 'bench', kind: 'user', tenantId: 'ten_bench' },
  onBehalfOf: [],
} as const
/** What grows with the content. To read one of these from end to end is what collection must not do. */
const CONTENT = [
  'manifest',
  'manifest_detail',
  'manifest_reference',
  'blob',
  'repository_blob',
  'tag',
  'referrer',
  'repository',
]

type Cost = { rows: number; pages: number; seconds: number; cpu: number }

/** Collection after the same few deletions in stores that grow a hundredfold and again. */
export async function collection(quick: boolean): Promise<void> {
  const sizes = quick ? [1000, 20_000] : [1000, 100_000, 1_000_000]
  const rows = []
  for (const size of sizes) rows.push(await collectIn(size, quick ? 1 : ROUNDS))
  const head = ['manifests in the store', 'rows read or changed', 'pages read', 'time', 'CPU time', 'database']
  const note = `${DELETED} manifests are deleted that lie wide apart, then all is collected: their links reviewed, their blobs' rows taken, what was queued done. Rows are those that its statements gave or changed, pages of ${PAGE_BYTES} bytes those read from the file, past SQLite's own cache. No plan of any of its statements scans a table of content: the bench fails where one does.`
  report('collection', quick, [head, ...rows], note)
}

async function collectIn(size: number, rounds: number): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-bench-collection-'))
  const path = join(dir, 'region.sqlite')
  try {
    const spy = { texts: new Set<string>(), rows: 0 }
    const clock = { ...systemClock('bench'), now: () => Date.now() + skipped }
    let skipped = 0
    const open = () =>
      openSqlite({ path, clock, migrations: regionSchema.migrations, writes: regionSchema.writes.map(watched(spy)) })
    const empty = await open()
    await empty.write(openFeed, 'home')
    await empty.close()
    fillStore(path, size)
    const store = await open()
    const blobs = fileBlobs({ disk: nodeDisk(), dir, node: '0', clock, reserveBytes: 0 })
    const limits = defaultLimits
    const registry = createRegistry({ store, blobs, clock, region: 'home', node: '0', limits, policies: () => [] })
    const costs: Cost[] = []
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < DELETED; i++) {
        const { repository, digest } = filled(Math.floor(((i * rounds + round) / (DELETED * rounds)) * size))
        const gone = await registry.deleteManifest({ registryId: REGISTRY, repository }, digest as Digest, BY)
        if (!gone) throw new Error(`Manifest ${digest} is not there`)
      }
      spy.rows = 0
      spy.texts.clear()
      const [from, cpu, read] = [performance.now(), process.cpuUsage(), bytesRead()]
      // The review of the links, then, once their time has come, of the blobs.
      for (let i = 0; i < 2; i++) {
        skipped += limits.reclaimDelay + 1
        await collectGarbage(store, limits)
      }
      const { user, system } = process.cpuUsage(cpu)
      const pages = (bytesRead() - read) / PAGE_BYTES
      const seconds = (performance.now() - from) / 1000
      costs.push({ rows: spy.rows, pages, seconds, cpu: (user + system) / 1e6 })
    }
    checkPlans(path, spy.texts)
    await store.close()
    const of = (figure: (cost: Cost) => number) => median(costs.map(figure))
    const bytes = `${whole(statSync(path).size / 1e6)} MB`
    return [
      whole(size),
      whole(of(one => one.rows)),
      whole(of(one => one.pages)),
      millis(of(one => one.seconds)),
      millis(of(one => one.cpu)),
      bytes,
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The write, with an eye on what its statements are and how many rows they touch. */
function watched(spy: { texts: Set<string>; rows: number }): (write: AnyWrite) => AnyWrite {
  const seen = async <T>(text: string, result: T | Promise<T>, count: (result: T) => number): Promise<T> => {
    const got = await result
    spy.texts.add(text)
    spy.rows += count(got)
    return got
  }
  const watch = (tx: Tx): Tx => ({
    clock: tx.clock,
    one: query => seen(query.text, tx.one(query), row => (row === undefined ? 0 : 1)),
    all: query => seen(query.text, tx.all(query), rows => rows.length),
    run: query => seen(query.text, tx.run(query), changed => changed),
  })
  return write => ({ ...write, run: (tx, input) => write.run(watch(tx), input) })
}

/** SQLite has no counter of rows that it looked at which Node would tell; its plans say where it would look at all of them. */
function checkPlans(path: string, texts: ReadonlySet<string>): void {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    for (const text of texts) {
      for (const { detail } of db.prepare(`explain query plan ${text}`).all()) {
        const scanned = /^SCAN (\w+)/.exec(`${detail}`)?.[1]
        if (scanned && CONTENT.includes(scanned))
          throw new Error(`Collection reads all of ${scanned}: ${detail}\n${text}`)
      }
    }
  } finally {
    db.close()
  }
}

/** By this process, from files; Linux counts them. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
}
