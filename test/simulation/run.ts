import assert from 'node:assert/strict'
import type { Random, Simulation } from '../../src/kernel/index.ts'
import { sql } from '../../src/kernel/index.ts'
import { type Digest, digestOf } from '../../src/oci/index.ts'
import { Client, pull, pullBlob, REGISTRY } from './client.ts'
import { Ledger } from './ledger.ts'
import { LIMITS, type Lie, type Region, World } from './world.ts'

export const CRASHES_A_RUN = 12
const CLIENTS_A_REGION = 3
const ROUND_MS = 1200

export type Tally = { crashes: number; done: number; refused: number; files: number; images: number }

/** Clients at three regions, crashes all the time, and at the end a look at every acknowledged byte. */
export async function crashAndCheck(sim: Simulation, lie?: Lie): Promise<Tally> {
  const world = await World.open(sim, lie)
  const ledger = new Ledger()
  let stopped = false
  const clients = world.regions.flatMap(region =>
    Array.from({ length: CLIENTS_A_REGION }, (_, i) => new Client(`${region.name} client ${i}`, world, region, ledger)),
  )
  const working = Promise.all(clients.map(client => client.run(() => stopped)))
  const storm = Promise.all(world.regions.map(region => crashes(sim, world, region)))
  const troubled = Promise.all(world.regions.map(region => troubles(sim, region, () => stopped)))
  // A client that finds something missing ends the run at once.
  await Promise.race([storm, working.then(() => storm)])
  stopped = true
  world.calm()
  await working
  await troubled

  for (const region of world.regions) await checkAll(region, ledger)
  // An unfinished upload, then its blob's link, then its row, then its job, each looked for once a minute.
  const clock = sim.clock('end')
  await clock.sleep(LIMITS.uploadIdle + LIMITS.reclaimDelay + 2 * 60_000)
  for (let minutes = 0; minutes < 6 && !(await areTidy(world.regions)); minutes++) await clock.sleep(60_000)
  let files = 0
  for (const region of world.regions) {
    await checkAll(region, ledger)
    files += await checkFiles(region)
    await checkAudit(region)
  }
  const sum = (of: (client: Client) => number) => clients.reduce((total, client) => total + of(client), 0)
  return {
    crashes: world.crashes,
    done: sum(client => client.done),
    refused: sum(client => client.refused),
    files,
    images: ledger.images.size,
  }
}

async function crashes(sim: Simulation, world: World, region: Region): Promise<void> {
  const random = sim.random.fork(`crashes ${region.name}`)
  const clock = sim.clock(`crashes ${region.name}`)
  for (let i = 0; i < CRASHES_A_RUN / world.regions.length; i++) {
    await clock.sleep(ROUND_MS * (0.3 + random.next()))
    if (random.chance(0.2)) region.clock.jump(random.pick([-20_000, -1000, 5000, 20_000]))
    await crash(region, random, ms => clock.sleep(ms))
    world.crashes += 1
    await clock.sleep(random.next() * 300)
    region.boot()
  }
}

/** A disk that fails at some operations for a while, or is full. */
async function troubles(sim: Simulation, region: Region, stopped: () => boolean): Promise<void> {
  const random = sim.random.fork(`troubles ${region.name}`)
  const clock = sim.clock(`troubles ${region.name}`)
  while (!stopped()) {
    await clock.sleep(random.next() * 2 * ROUND_MS)
    if (stopped()) return
    const rate = random.pick([0.02, 0.2])
    if (random.chance(0.5)) region.disk.capacity = region.disk.used() + random.int(50_000)
    else region.trouble = () => (random.chance(rate) ? 'EIO' : undefined)
    await clock.sleep(random.next() * 300)
    region.disk.capacity = Number.POSITIVE_INFINITY
    region.trouble = () => undefined
  }
}

/** At any moment, or at exactly one of the steps that matter. */
async function crash(region: Region, random: Random, sleep: (ms: number) => Promise<void>): Promise<void> {
  const power = random.chance(0.7)
  const steps = ['rename', 'syncDir', 'sync', 'remove', 'write', 'close'] as const
  const step = random.pick([undefined, ...steps])
  if (step) {
    let left = 1 + random.int(3)
    const crashed = new Promise<void>(resolve => {
      region.watch = operation => {
        if (operation !== step || --left > 0) return
        region.crash(power)
        resolve()
      }
    })
    await Promise.race([crashed, sleep(2000)])
    region.watch = () => undefined
  }
  region.crash(power)
}

/** Every name that anybody ever asked about. */
async function checkAll(region: Region, ledger: Ledger): Promise<void> {
  const registry = region.running?.registry
  assert.ok(registry)
  const here = ({ place }: { place: { region: Region } }) => place.region === region
  for (const { place, name } of [...ledger.names('manifest')].filter(here)) {
    await pull(place, name, ledger, run => run(registry))
  }
  for (const { place, name } of [...ledger.names('tag')].filter(here)) {
    await pull(place, name, ledger, run => run(registry))
  }
  for (const { place, name } of [...ledger.names('blob')].filter(here)) {
    await pullBlob(place, name as Digest, ledger, run => run(registry))
  }
  for (const { place, name } of [...ledger.names('tag')].filter(here)) {
    const begun = ledger.order.next()
    const listed = await registry.listTags({ registryId: REGISTRY, repository: place.repository }, { n: 100, last: '' })
    ledger.sawListed(place, name, listed?.items.includes(name) ?? false, begun)
  }
}

/** Whatever crashed: what took effect is in the audit once, and nothing else is. */
async function checkAudit({ store, name }: Region): Promise<void> {
  const fed = await store.read.all<{ kind: string; count: number }>(
    sql`select kind, count(*) as count from feed_entry group by kind`,
  )
  const recorded = await store.read.all<{ action: string; count: number }>(
    sql`select action, count(*) as count from audit_entry group by action`,
  )
  const sum = (fits: (kind: string) => boolean) =>
    fed.reduce((total, { kind, count }) => total + (fits(kind) ? count : 0), 0)
  const times = (verb: string) => recorded.find(({ action }) => action === `registry/content/${verb}`)?.count ?? 0
  assert.deepEqual(
    [times('write'), times('delete')],
    [sum(kind => kind === 'manifest.put'), sum(kind => kind.endsWith('.deleted'))],
    `the audit of ${name}`,
  )
}

async function areTidy(regions: readonly Region[]): Promise<boolean> {
  for (const { store, disk } of regions) {
    const [blobs] = await store.read.all<{ count: number }>(sql`select count(*) as count from blob`)
    if (disk.files().size !== blobs?.count) return false
  }
  return true
}

/** Once all has expired: a file for each row, byte-exact, and no other file. */
async function checkFiles(region: Region): Promise<number> {
  const rows = await region.store.read.all<{ digest: string; blob_key: string }>(sql`select digest, blob_key from blob`)
  const path = (key: string) => `/data/blobs/${key.replace(/^(sha\d+):(..)/, '$1/$2/$2')}`
  const files = [...region.disk.files().keys()]
  assert.deepEqual(files, rows.map(row => path(row.blob_key)).sort(), `files and rows of ${region.name}`)
  const disk = region.disk.mount()
  for (const { digest, blob_key } of rows) {
    const file = await disk.open(path(blob_key), 'read')
    const bytes = Buffer.alloc(await file.size())
    await file.read(bytes, 0)
    await file.close()
    assert.equal(digestOf(bytes, digest.startsWith('sha512') ? 'sha512' : 'sha256'), digest)
  }
  const dead = await region.store.read.all(sql`select id, last_error from job where state = 'dead'`)
  assert.deepEqual(dead, [])
  return files.length
}
