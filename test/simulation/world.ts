import { auditMigrations, auditWrites } from '../../src/audit/index.ts'
import {
  type AnyWrite,
  type BlobStore,
  CALM,
  type Clock,
  createJobs,
  type Disk,
  type DiskFault,
  type DiskOperation,
  feedMigrations,
  feedWrites,
  fileBlobs,
  HybridClock,
  jobMigrations,
  jobWrites,
  type Ms,
  newIncarnation,
  openFeed,
  openSqlite,
  type ReadTx,
  type SimClock,
  type SimDisk,
  SimNetwork,
  SimProcess,
  type Simulation,
  type Soon,
  type Store,
  silentLog,
} from '../../src/kernel/index.ts'
import {
  collectGarbage,
  createRegistry,
  defaultLimits,
  type Registry,
  type RegistryLimits,
  registryJobs,
  registryMigrations,
  registryWrites,
  releaseReclaim,
  type ServedPolicy,
  tendUploads,
} from '../../src/registry/index.ts'
import { type Backup, HOLDER, loadTables, placeBlobs, takeBackup } from './backup.ts'

/** Short, so that all that expires does so in minutes of virtual time. */
export const LIMITS: RegistryLimits = {
  ...defaultLimits,
  uploadIdle: 240_000,
  reclaimDelay: 30_000,
  uploadsPerNode: 8,
}
const DELAY_MS = 10
const TIMEOUT_MS = 2_000

/** A bug to be found: how a disk lies. */
export type Lie = (disk: Disk) => Disk

type Request = { readonly run: (registry: Registry) => Promise<unknown>; readonly flight: Flight }
/** A request and its copies: how many of them are at work. */
type Flight = { working: number }

/** What one process is made of, over the disk and the database that outlive it. */
type Running = {
  readonly process: SimProcess
  readonly registry: Registry
  readonly blobs: BlobStore
  readonly store: Store
}

/** A wall clock that outlives its processes, and a hybrid one that a new process begins anew. */
type Machine = { readonly clock: SimClock; hybrid: HybridClock }

export type WorldOptions = {
  regions?: readonly string[]
  limits?: RegistryLimits
  policies?: readonly ServedPolicy[]
  lie?: Lie
  /** Bugs to be found: these take the place of the writes with their names. */
  broken?: readonly AnyWrite[]
}

export class Region {
  readonly name: string
  readonly clock: SimClock
  readonly limits: RegistryLimits
  readonly #machine: Machine
  readonly #jumps: { at: Ms; by: Ms }[] = []
  /** Power cuts so far: bytes of an unfinished upload need not outlive one. */
  powerCuts = 0
  /** Told of each operation on the disk, before it. */
  watch: (operation: DiskOperation) => void = () => undefined
  /** Makes operations fail. */
  trouble: DiskFault = () => undefined
  readonly #sim: Simulation
  readonly #network: SimNetwork<Request, unknown>
  readonly #policies: readonly ServedPolicy[]
  readonly #lie: Lie
  readonly #broken: readonly AnyWrite[]
  #disk: SimDisk
  #store: Store | undefined
  #boots = 0
  #restores = 0
  #running: Running | undefined
  #copying: SimProcess | undefined

  private constructor(world: World, name: string, options: WorldOptions) {
    const { limits = LIMITS, policies = [], lie = disk => disk, broken = [] } = options
    this.name = name
    this.limits = limits
    this.#policies = policies
    this.#sim = world.sim
    this.#network = world.network
    this.#lie = lie
    this.#broken = broken
    this.clock = world.sim.clock(name)
    this.#machine = { clock: this.clock, hybrid: new HybridClock(`${name}.0`, this.clock.now) }
    this.#disk = this.#newDisk(name)
  }

  static async open(world: World, name: string, options: WorldOptions): Promise<Region> {
    const region = new Region(world, name, options)
    region.#store = await region.#newStore()
    await region.store.write(openFeed, name)
    return region
  }

  get disk(): SimDisk {
    return this.#disk
  }

  get store(): Store {
    if (!this.#store) throw new Error(`Region ${this.name} is not open`)
    return this.#store
  }

  #newDisk(name: string): SimDisk {
    const disk = this.#sim.disk(name, { torn: true })
    disk.fault = (operation, path) => {
      this.watch(operation)
      return this.trouble(operation, path)
    }
    return disk
  }

  #newStore(): Promise<Store> {
    const writes = [...feedWrites, newIncarnation, ...jobWrites, ...registryWrites, ...auditWrites, loadTables]
    return openSqlite({
      path: ':memory:',
      migrations: [...feedMigrations, ...jobMigrations, ...registryMigrations, ...auditMigrations],
      writes: writes.map(write => this.#broken.find(({ name }) => name === write.name) ?? write),
      clock: { ...this.clock, tick: seen => this.#machine.hybrid.tick(seen) },
    })
  }

  /** Sets the wall clock forward or back. */
  jump(by: Ms): void {
    this.#jumps.push({ at: this.clock.monotonic(), by })
    this.clock.jump(by)
  }

  /** The least and the most that the wall clock has shown since `since` (monotonic). */
  shown(since: Ms): { least: Ms; most: Ms } {
    let [wall, time] = [this.clock.now(), this.clock.monotonic()]
    let [least, most] = [wall, wall]
    const see = () => {
      least = Math.min(least, wall)
      most = Math.max(most, wall)
    }
    for (const { at, by } of this.#jumps.toReversed()) {
      if (at < since) break
      wall -= time - at
      time = at
      see()
      wall -= by
      see()
    }
    wall -= time - since
    see()
    return { least, most }
  }

  get running(): Running | undefined {
    return this.#running
  }

  /** A new process over what is left. */
  boot(): void {
    const process = new SimProcess(`${this.name}#${this.#boots++}`)
    this.#machine.hybrid = new HybridClock(`${this.name}.0`, this.clock.now)
    const clock = process.clock<Clock>(this.clock)
    const store = this.#seenBy(process)
    const disk = this.#lie(this.disk.mount(process))
    const { limits } = this
    const policies = () => this.#policies
    const blobs = fileBlobs({ disk, dir: '/data', node: '0', clock, reserveBytes: 0 })
    const registry = createRegistry({ store, blobs, clock, region: this.name, node: '0', limits, policies })
    this.#running = { process, registry, blobs, store }
    const never = new AbortController().signal
    const log = silentLog()
    void tendUploads({ registry, store, blobs, clock, log, signal: never })
    const jobs = createJobs({ store, clock, owner: process.name, log })
    registryJobs(jobs, { store, blobs, clock, limits, policies })
    void jobs.run(never)
    this.#network.serve(this.name, process, ({ run, flight }) => work(process, flight, () => run(registry)))
    this.#sim.note(`${process.name} boots`)
  }

  /** The process dies; with the power, what was not synced is gone too. */
  crash(power: boolean): void {
    if (!this.#running) return
    this.#sim.note(`${this.#running.process.name} ${power ? 'loses power' : 'is killed'}`)
    this.#running.process.kill()
    this.#running = undefined
    if (!power) return
    this.#copying?.kill()
    this.disk.crash()
    this.powerCuts += 1
  }

  /** Now, beside what its jobs do by themselves. Resolves when it is done or its process is dead. */
  async collect(): Promise<void> {
    if (!this.#running) return
    const { process, store } = this.#running
    await orDead(process, collectGarbage(store, this.limits))
  }

  /** Undefined where the power went before it was whole. */
  async backup(pause: () => Promise<void>): Promise<Backup | undefined> {
    const process = new SimProcess(`${this.name} backup`)
    this.#copying = process
    const clock = process.clock<Clock>(this.clock)
    const disk = this.disk.mount(process)
    const blobs = fileBlobs({ disk, dir: '/data', node: 'backup', clock, reserveBytes: 0 })
    return orDead(process, takeBackup(this.#seenBy(process), blobs, pause))
  }

  /** Another machine with what the backup has, while nothing runs. */
  async restore(backup: Backup): Promise<void> {
    const disk = this.#newDisk(`${this.name} ${++this.#restores}`)
    await placeBlobs(disk.mount(), backup)
    const store = await this.#newStore()
    await store.write(loadTables, backup.tables)
    await store.write(newIncarnation, this.name)
    // A real one's hold is over soon.
    await store.write(releaseReclaim, { holder: HOLDER })
    this.#disk = disk
    this.#store = store
    this.#sim.note(`${this.name} is restored`)
  }

  /** The database as that process sees it: a write may still be on its way, or its answer, when the process dies. */
  #seenBy(process: SimProcess): Store {
    const { store, name } = this
    const { scheduler, random } = this.#sim
    // Mostly quick, sometimes so slow that all else comes first.
    const lots = random.fork(`database ${process.name}`)
    const pause = (label: string) => scheduler.pause(`${name} ${label}`, lots.chance(0.05) ? 60 : 1)
    const sees = <T>(result: () => Soon<T>): Promise<T> =>
      process.sees(pause('database').then(() => (process.alive ? result() : new Promise<T>(() => undefined))))
    const read: ReadTx = {
      one: query => sees(() => store.read.one(query)),
      all: query => sees(() => store.read.all(query)),
    }
    return {
      engine: store.engine,
      read,
      snapshot: query => sees(() => store.snapshot(query)),
      write: (write, input) =>
        process.sees(sees(() => store.write(write, input)).then(output => pause('answer').then(() => output))),
      close: async () => undefined,
    }
  }
}

/** Three regions that share nothing, and the network to them. */
export class World {
  readonly sim: Simulation
  readonly network: SimNetwork<Request, unknown>
  readonly regions: Region[] = []
  crashes = 0

  private constructor(sim: Simulation) {
    this.sim = sim
    this.network = new SimNetwork(sim.scheduler)
    this.network.weather = { loseRequest: 0.02, loseResponse: 0.04, duplicate: 0.03, delay: DELAY_MS }
  }

  static async open(sim: Simulation, options: WorldOptions = {}): Promise<World> {
    const world = new World(sim)
    for (const name of options.regions ?? ['home', 'west', 'east']) {
      world.regions.push(await Region.open(world, name, options))
    }
    for (const region of world.regions) region.boot()
    return world
  }

  calm(): void {
    this.network.weather = CALM
  }

  /** Rejects with `SimNetworkDown` where there is no answer. `over` resolves once no copy of it can do anything more. */
  ask<T>(
    from: string,
    region: Region,
    run: (registry: Registry) => Promise<T>,
  ): { answer: Promise<T>; over: Promise<void> } {
    const flight = { working: 0 }
    const answer = this.network.call(from, region.name, { run, flight }, TIMEOUT_MS) as Promise<T>
    return { answer, over: this.#landed(answer, flight) }
  }

  async #landed(answer: Promise<unknown>, flight: Flight): Promise<void> {
    await answer.catch(() => undefined)
    const wait = () =>
      new Promise<void>(resolve => void this.sim.scheduler.after(2 * DELAY_MS, 'a request ages', resolve))
    do await wait()
    while (flight.working > 0)
  }
}

async function work(process: SimProcess, flight: Flight, run: () => Promise<unknown>): Promise<unknown> {
  flight.working += 1
  let working = true
  const end = () => {
    if (working) flight.working -= 1
    working = false
  }
  process.onDeath(end)
  try {
    return await run()
  } finally {
    end()
  }
}

/** Undefined where the process dies first: what it waits for never comes. */
function orDead<T>(process: SimProcess, work: Promise<T>): Promise<T | undefined> {
  const death = new Promise<undefined>(resolve => process.onDeath(() => resolve(undefined)))
  return Promise.race([work, death])
}
