import { auditMigrations, auditWrites } from '../../src/audit/index.ts'
import {
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
  createRegistry,
  defaultLimits,
  type Registry,
  registryJobs,
  registryMigrations,
  registryWrites,
  tendUploads,
} from '../../src/registry/index.ts'

/** Short, so that all that expires does so in minutes of virtual time. */
export const LIMITS = { ...defaultLimits, uploadIdle: 240_000, reclaimDelay: 30_000, uploadsPerNode: 8 }
const DELAY_MS = 10
const TIMEOUT_MS = 2_000

/** A bug to be found: how a disk lies. */
export type Lie = (disk: Disk) => Disk

type Request = { readonly run: (registry: Registry) => Promise<unknown>; readonly flight: Flight }
/** A request and its copies: how many of them are at work. */
type Flight = { working: number }

/** What one process is made of, over the disk and the database that outlive it. */
type Running = { readonly process: SimProcess; readonly registry: Registry; readonly blobs: BlobStore }

/** A wall clock that outlives its processes, and a hybrid one that a new process begins anew. */
type Machine = { readonly clock: SimClock; hybrid: HybridClock }

export class Region {
  readonly name: string
  readonly disk: SimDisk
  readonly store: Store
  readonly clock: SimClock
  readonly #machine: Machine
  /** Power cuts so far: bytes of an unfinished upload need not outlive one. */
  powerCuts = 0
  /** Told of each operation on the disk, before it. */
  watch: (operation: DiskOperation) => void = () => undefined
  /** Makes operations fail. */
  trouble: DiskFault = () => undefined
  readonly #sim: Simulation
  readonly #network: SimNetwork<Request, unknown>
  readonly #lie: Lie
  #boots = 0
  #running: Running | undefined

  private constructor(parts: Pick<Region, 'name' | 'disk' | 'store'> & { machine: Machine; world: World; lie: Lie }) {
    this.name = parts.name
    this.disk = parts.disk
    this.store = parts.store
    this.clock = parts.machine.clock
    this.#machine = parts.machine
    this.#sim = parts.world.sim
    this.#network = parts.world.network
    this.#lie = parts.lie
    this.disk.fault = (operation, path) => {
      this.watch(operation)
      return this.trouble(operation, path)
    }
  }

  static async open(world: World, name: string, lie: Lie): Promise<Region> {
    const clock = world.sim.clock(name)
    const machine: Machine = { clock, hybrid: new HybridClock(`${name}.0`, clock.now) }
    const store = await openSqlite({
      path: ':memory:',
      migrations: [...feedMigrations, ...jobMigrations, ...registryMigrations, ...auditMigrations],
      writes: [...feedWrites, ...jobWrites, ...registryWrites, ...auditWrites],
      clock: { ...clock, tick: seen => machine.hybrid.tick(seen) },
    })
    await store.write(openFeed, name)
    return new Region({ world, name, machine, store, disk: world.sim.disk(name, { torn: true }), lie })
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
    const blobs = fileBlobs({ disk, dir: '/data', node: '0', clock, reserveBytes: 0 })
    const registry = createRegistry({
      store,
      blobs,
      clock,
      region: this.name,
      node: '0',
      limits: LIMITS,
      policies: () => [],
    })
    this.#running = { process, registry, blobs }
    const never = new AbortController().signal
    const log = silentLog()
    void tendUploads({ registry, store, blobs, clock, log, signal: never })
    const jobs = createJobs({ store, clock, owner: process.name, log })
    registryJobs(jobs, { store, blobs, limits: LIMITS })
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
    this.disk.crash()
    this.powerCuts += 1
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

  static async open(sim: Simulation, lie: Lie = disk => disk): Promise<World> {
    const world = new World(sim)
    for (const name of ['home', 'west', 'east']) world.regions.push(await Region.open(world, name, lie))
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
