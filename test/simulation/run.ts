import assert from 'node:assert/strict'
import type { Simulation } from '../../src/kernel/index.ts'
import { sql } from '../../src/kernel/index.ts'
import { readSize } from '../../src/registry/index.ts'
import { checkAll, checkFiles, crash } from './checks.ts'
import { Client } from './client.ts'
import type { Habits } from './habits.ts'
import { Ledger } from './ledger.ts'
import { LIMITS, type Lie, type Region, World } from './world.ts'

export const CRASHES_A_RUN = 12
const CLIENTS_A_REGION = 3
const ROUND_MS = 1200
const HABITS: Habits = {
  repositories: ['team/app', 'team/base', 'lab/tool'],
  tags: ['v1', 'v2', 'latest'],
  acts: [
    ...(['push image', 'push image', 'pull', 'pull', 'retag', 'mount', 'push blob', 'leave upload'] as const),
    ...(['delete tag', 'delete image', 'delete blob'] as const),
  ],
  common: 6,
  own: 0.6,
  size: random => (random.chance(0.02) ? 1_300_000 : random.int(random.pick([1, 300, 20_000]))),
  pause: random => random.next() * 90,
  linger: () => 0,
}

export type Tally = { crashes: number; done: number; refused: number; files: number; images: number }

/** Clients at three regions, crashes all the time, and at the end a look at every acknowledged byte. */
export async function crashAndCheck(sim: Simulation, lie?: Lie): Promise<Tally> {
  const world = await World.open(sim, lie ? { lie } : {})
  const ledger = new Ledger()
  let stopped = false
  const clients = world.regions.flatMap(region =>
    Array.from(
      { length: CLIENTS_A_REGION },
      (_, i) => new Client(`${region.name} client ${i}`, { world, region, ledger, habits: HABITS }),
    ),
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
    await checkSizes(region)
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
    if (random.chance(0.2)) region.jump(random.pick([-20_000, -1000, 5000, 20_000]))
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

/** The bytes that are counted are those that are there. */
async function checkSizes({ store, name }: Region): Promise<void> {
  type Real = { registryId: string; repository: string; bytes: number }
  const real = await store.read.all<Real>(sql`select registry_id as "registryId", repository,
    cast(sum(size) as bigint) as bytes from (
      select registry_id, repository, size from repository_blob
      union all select registry_id, repository, size from manifest
      union all select registry_id, '', size from blob
      union all select registry_id, '', size from manifest) s
    group by registry_id, repository`)
  for (const { registryId, repository, bytes } of real) {
    const counted = await readSize(store.read, registryId, repository === '' ? undefined : repository)
    assert.equal(counted, bytes, `the bytes of ${repository === '' ? 'the registry' : repository} in ${name}`)
  }
}

async function areTidy(regions: readonly Region[]): Promise<boolean> {
  for (const { store, disk } of regions) {
    const [blobs] = await store.read.all<{ count: number }>(sql`select count(*) as count from blob`)
    if (disk.files().size !== blobs?.count) return false
  }
  return true
}
