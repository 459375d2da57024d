import assert from 'node:assert/strict'
import { type AnyWrite, type Random, type Simulation, sql } from '../../src/kernel/index.ts'
import { defaultLimits, type RegistryLimits, type ServedPolicy } from '../../src/registry/index.ts'
import { orphans } from '../support/orphans.ts'
import type { Backup } from './backup.ts'
import { checkAll, checkFiles, crash } from './checks.ts'
import { Client, REGISTRY } from './client.ts'
import type { Habits } from './habits.ts'
import { Ledger } from './ledger.ts'
import { type Region, World } from './world.ts'

/** So short that collection meets everything else all the time. */
const LIMITS: RegistryLimits = { ...defaultLimits, uploadIdle: 2_000, reclaimDelay: 600, uploadsPerNode: 8 }
const DAY_MS = 24 * 3600_000
/** What is deleted in one of the two repositories can be had back. */
const POLICIES: readonly ServedPolicy[] = [
  { registryId: REGISTRY, id: 'pol_1', name: 'trash', repositories: 'b', kind: 'soft-delete', settings: { days: 1 } },
]
const CLIENTS = 4
const WORK_MS = 6_000

const HABITS: Habits = {
  repositories: ['a', 'b'],
  tags: ['v1', 'v2'],
  acts: [
    ...(['push image', 'push image', 'push image', 'push image', 'mount', 'mount', 'retag', 'pull'] as const),
    ...(['delete image', 'delete image', 'delete image', 'delete tag', 'delete blob', 'delete repository'] as const),
    ...(['push blob', 'leave upload', 'restore image', 'restore image', 'purge image'] as const),
  ],
  common: 3,
  own: 0.2,
  size: random => 1 + random.int(40),
  pause: random => random.next() * random.pick([5, 100, 800]),
  linger: random => (random.chance(0.3) ? random.next() * LIMITS.uploadIdle : random.next() * 20),
}

export type Collected = {
  done: number
  refused: number
  crashes: number
  jumps: number
  backups: number
  restores: number
}

/**
 * Clients that push, mount, delete and pull what others push, mount, delete and pull at one region, while it collects at any moment, is
 * backed up and restored, crashes, and its clock jumps past leases. Nothing that must be there may be missing at any time, and in the end
 * nothing may be there that nothing needs.
 */
export async function collectAndCheck(sim: Simulation, broken: readonly AnyWrite[] = []): Promise<Collected> {
  const world = await World.open(sim, { regions: ['home'], limits: LIMITS, policies: POLICIES, broken })
  const [region] = world.regions
  assert.ok(region)
  const ledger = new Ledger()
  const random = sim.random.fork('collection')
  const end = sim.scheduler.time + WORK_MS
  const stopped = () => sim.scheduler.time >= end
  const clients = Array.from(
    { length: CLIENTS },
    (_, i) => new Client(`client ${i}`, { world, region, ledger, habits: HABITS }),
  )
  const tally = { crashes: 0, jumps: 0, backups: 0, restores: 0 }
  const trouble = { sim, region, ledger, stopped, tally }
  await Promise.all([
    ...clients.map(client => client.run(stopped)),
    collector({ ...trouble, random: random.fork('one') }),
    collector({ ...trouble, random: random.fork('other') }),
    clock({ ...trouble, random: random.fork('clock') }),
    keeper({ ...trouble, random: random.fork('keeper') }),
  ])
  world.calm()
  await checkAll(region, ledger)
  await expire(sim, region)
  await checkAll(region, ledger)
  await checkFiles(region)
  assert.deepEqual(await orphans(region.store.read, region.clock.now()), [])
  assert.deepEqual(await region.store.read.all(sql`select repository from trash_repository`), [])
  const sum = (of: (client: Client) => number) => clients.reduce((total, client) => total + of(client), 0)
  return { ...tally, done: sum(client => client.done), refused: sum(client => client.refused) }
}

type Parts = {
  sim: Simulation
  region: Region
  ledger: Ledger
  random: Random
  stopped: () => boolean
  tally: Omit<Collected, 'done' | 'refused'>
}

/** Beside the region's own job, and beside another one: whoever lost its lease may still be at it. */
async function collector({ sim, region, random, stopped }: Parts): Promise<void> {
  const clock = sim.clock('collector')
  while (!stopped()) {
    await clock.sleep(random.next() * random.pick([20, 500]))
    await region.collect()
  }
}

/** Past leases, to just before or after their end, and back. */
async function clock({ sim, region, random, stopped, tally }: Parts): Promise<void> {
  const clock = sim.clock('jumps')
  while (!stopped()) {
    await clock.sleep(random.next() * 2_500)
    const leases = [LIMITS.reclaimDelay, LIMITS.uploadIdle / 2, LIMITS.uploadIdle, -LIMITS.reclaimDelay]
    const by = random.chance(0.1) ? DAY_MS : random.pick(leases)
    region.jump(by + random.int(3) - 1)
    tally.jumps += 1
  }
}

/** Crashes the region, backs it up, and brings it back to what it was then. */
async function keeper({ sim, region, ledger, random, stopped, tally }: Parts): Promise<void> {
  const clock = sim.clock('keeper')
  const sleep = (ms: number) => clock.sleep(ms)
  while (!stopped()) {
    await sleep(random.next() * 2_500)
    if (random.chance(0.5)) {
      await crash(region, random, sleep)
      tally.crashes += 1
      await sleep(random.next() * 300)
      region.boot()
      continue
    }
    const slow = random.pick([1, 300])
    const begun = ledger.order.next()
    const backup = await region.backup(() => sleep(random.next() * slow))
    const ended = ledger.order.next()
    if (!backup) continue
    tally.backups += 1
    if (!random.chance(0.5)) continue
    await sleep(random.next() * 1_500)
    await restore(region, ledger, { backup, begun, ended })
    tally.restores += 1
  }
}

async function restore(region: Region, ledger: Ledger, from: { backup: Backup; begun: number; ended: number }) {
  region.crash(false)
  await region.restore(from.backup)
  ledger.rewind(region, from.begun, from.ended)
  region.boot()
}

/** Until all that nothing needs must be gone: the trash, an upload, the link of its blob, the row, the job that a dead process had. */
async function expire(sim: Simulation, region: Region): Promise<void> {
  const clock = sim.clock('end')
  // A minute more: what was deleted before the clock was set back is as old as it says.
  region.jump(DAY_MS + 60_000)
  for (let seconds = 0; seconds < 120; seconds += 5) {
    await clock.sleep(5_000)
    const { read } = region.store
    const [blobs] = await read.all<{ count: number }>(sql`select count(*) as count from blob`)
    const [trash] = await read.all<{ count: number }>(sql`select count(*) as count from trash_repository`)
    const left = await orphans(read, Number.MAX_SAFE_INTEGER)
    if (left.length === 0 && trash?.count === 0 && region.disk.files().size === blobs?.count) return
  }
}
