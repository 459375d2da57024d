import type { Clock, Ms } from '../clock.ts'
import { Failure, failure } from '../failure.ts'
import { list, sql } from '../store/sql.ts'
import type { Store } from '../store/types.ts'
import type { JobPolicy, JobRow, JobRun, JobState } from './types.ts'
import {
  beatJobs,
  type Claimed,
  claimJobs,
  failJob,
  finishJob,
  JobKindTwice,
  releaseJob,
  retryJob,
  startRepeat,
  takeBackJobs,
} from './writes.ts'

export type JobLog = {
  warn(facts: Record<string, unknown>, says: string): void
  error(facts: Record<string, unknown>, says: string): void
}

export type JobsOptions = {
  store: Store
  clock: Clock
  /** Names the process in the rows. Where a process has the name of one before, it takes back what that one left. */
  owner: string
  log: JobLog
  /** Jobs of this process at a time. Default 4. */
  concurrency?: number
  /** How long a process may be silent before others take its jobs. Default 30 s. */
  leaseMs?: Ms
}

export type Jobs = {
  /** Says how jobs of a kind are run. Before `run`. */
  handle(kind: string, run: JobRun, policy?: JobPolicy): void
  /** A job of its own kind that comes back after each run, once among all processes. It never dies. */
  repeat(kind: string, everyMs: Ms, run: JobRun): void
  /** Works until the signal; then stops what runs and gives it back. */
  run(signal: AbortSignal): Promise<void>
  list(query: { state?: JobState; limit: number; after?: string }): Promise<JobRow[]>
  /** Gives a dead job all its attempts back. Throws JobUnknown. */
  retry(id: string): Promise<void>
}

/** Thrown by a job that no further attempt can help: it is dead at once. */
export const JobHopeless = failure('JOB_HOPELESS', 422, (why: string) => ({
  says: why,
  next: 'Correct what it names, then retry the job',
}))

type Kind = Required<JobPolicy> & { readonly run: JobRun; readonly everyMs: Ms | undefined }
type Running = { readonly job: Claimed; readonly stop: AbortController; ended: Promise<void> }

const REPEAT_KEY = 'repeat'
const POLL_MS = 500
const RECORD_PAUSE_MS = 50
const MAX_LIST = 1000
const LOST = Symbol('lost')

/** Work that outlives a request: rows beside the state they belong to, tried until done, at least once. */
export function createJobs(options: JobsOptions): Jobs {
  const kinds = new Map<string, Kind>()
  const { store } = options
  const know = (kind: string, policy: Kind) => {
    if (kinds.has(kind)) throw JobKindTwice(kind)
    kinds.set(kind, policy)
  }
  return {
    handle: (kind, run, { attempts = 20, backoffMs = 1000, maxBackoffMs = 900_000 } = {}) => {
      know(kind, { run, attempts, backoffMs, maxBackoffMs, everyMs: undefined })
    },
    repeat: (kind, everyMs, run) => {
      const backoffMs = Math.min(1000, everyMs)
      know(kind, { run, attempts: Number.MAX_SAFE_INTEGER, backoffMs, maxBackoffMs: everyMs, everyMs })
    },
    run: signal => new Worker(options, kinds).run(signal),
    list: async ({ state, limit, after = '' }) => {
      const states = state === undefined ? ['pending', 'running', 'dead'] : [state]
      return await store.read.all<JobRow>(sql`select id, kind, key, state, attempts, due_at as "dueAt",
          created_at as "createdAt", updated_at as "updatedAt", last_error as "lastError" from job
        where state in (${list(states)}) and id > ${after} order by id limit ${Math.min(limit, MAX_LIST)}`)
    },
    retry: id => store.write(retryJob, id),
  }
}

class Worker {
  readonly #store: Store
  readonly #clock: Clock
  readonly #options: JobsOptions
  readonly #kinds: ReadonlyMap<string, Kind>
  readonly #concurrency: number
  readonly #leaseMs: Ms
  readonly #running = new Set<Running>()

  constructor(options: JobsOptions, kinds: ReadonlyMap<string, Kind>) {
    this.#options = options
    this.#store = options.store
    this.#clock = options.clock
    this.#kinds = kinds
    this.#concurrency = options.concurrency ?? 4
    this.#leaseMs = options.leaseMs ?? 30_000
  }

  async run(signal: AbortSignal): Promise<void> {
    let beatAt = this.#clock.monotonic()
    let started = false
    while (!signal.aborted) {
      try {
        if (!started) await this.#start()
        started = true
        if (this.#clock.monotonic() >= beatAt) {
          await this.#beat()
          beatAt = this.#clock.monotonic() + this.#leaseMs / 3
        }
        await this.#claim(signal)
      } catch (error) {
        this.#options.log.warn({ err: error }, 'No jobs could be taken; it is tried again')
      }
      await this.#pause(signal)
    }
    for (const { stop } of this.#running) stop.abort(signal.reason)
    await Promise.all(Array.from(this.#running, ({ ended }) => ended))
  }

  async #start(): Promise<void> {
    await this.#store.write(takeBackJobs, this.#options.owner)
    for (const [kind, { everyMs }] of this.#kinds) {
      if (everyMs !== undefined) await this.#store.write(startRepeat, { kind, key: REPEAT_KEY })
    }
  }

  /** Until the next poll, or until a job ends and there may be room for another. */
  async #pause(signal: AbortSignal): Promise<void> {
    const waited = new AbortController()
    const slept = this.#clock.sleep(
      POLL_MS * (0.75 + this.#clock.random() / 2),
      AbortSignal.any([signal, waited.signal]),
    )
    const ended = Array.from(this.#running, running => running.ended)
    await Promise.race([slept.catch(() => {}), ...ended])
    waited.abort()
  }

  async #claim(signal: AbortSignal): Promise<void> {
    const limit = this.#concurrency - this.#running.size
    if (limit <= 0) return
    const ids = await this.#due(limit)
    if (ids.length === 0) return
    const attempts = Object.fromEntries(Array.from(this.#kinds, ([kind, policy]) => [kind, policy.attempts]))
    const { owner } = this.#options
    for (const job of await this.#store.write(claimJobs, { owner, ids, attempts, leaseMs: this.#leaseMs })) {
      const stop = new AbortController()
      if (signal.aborted) stop.abort(signal.reason)
      const running: Running = { job, stop, ended: Promise.resolve() }
      this.#running.add(running)
      running.ended = this.#attempt(running).finally(() => this.#running.delete(running))
    }
  }

  /** A read first: most polls find nothing and should write nothing; and the claim then reads rows by their key only. */
  async #due(limit: number): Promise<string[]> {
    const rows = await this.#store.read.all<{ id: string }>(sql`select id from job where state <> 'dead'
      and due_at <= ${this.#clock.now()} and kind in (${list([...this.#kinds.keys()])}) order by due_at limit ${limit}`)
    return rows.map(row => row.id)
  }

  async #attempt({ job, stop }: Running): Promise<void> {
    const kind = this.#kinds.get(job.kind)
    if (kind === undefined) return
    const { id, fence, key, attempts: attempt } = job
    let end: () => Promise<unknown>
    try {
      await kind.run({ id, kind: job.kind, key, input: JSON.parse(job.input), attempt, fence, signal: stop.signal })
      const repeatAt = kind.everyMs === undefined ? undefined : this.#clock.now() + this.#jittered(kind.everyMs)
      end = () => this.#store.write(finishJob, { id, fence, ...(repeatAt === undefined ? {} : { repeatAt }) })
    } catch (error) {
      if (stop.signal.reason === LOST) return
      end = this.#failed(job, kind, error, stop.signal.aborted)
    }
    await this.#record(job, end, stop.signal)
  }

  /** Tried for as long as the lease: a store that takes nothing for a moment, as on a full disk, must not cost all of it. */
  async #record({ id, kind }: Claimed, end: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
    const until = this.#clock.monotonic() + this.#leaseMs
    for (let pause = RECORD_PAUSE_MS; ; pause = Math.min(2 * pause, POLL_MS)) {
      try {
        await end()
        return
      } catch (error) {
        if (signal.aborted || this.#clock.monotonic() >= until) {
          // Its lease runs out, and it is tried again.
          this.#options.log.warn({ err: error, job: id, kind }, 'The end of a job could not be recorded')
          return
        }
        await this.#clock.sleep(this.#jittered(pause), signal).catch(() => {})
      }
    }
  }

  /** What is to be written of a failure; it is told at once. */
  #failed({ id, fence, attempts, ...job }: Claimed, kind: Kind, error: unknown, stopped: boolean) {
    if (stopped) return () => this.#store.write(releaseJob, { id, fence })
    const hopeless = error instanceof Failure && error.is(JobHopeless)
    const dead = kind.everyMs === undefined && (hopeless || attempts >= kind.attempts)
    const pause = Math.min(kind.maxBackoffMs, kind.backoffMs * 2 ** Math.min(attempts - 1, 30))
    const dueAt = this.#clock.now() + Math.min(kind.maxBackoffMs, askedPause(error)) + this.#jittered(pause)
    const facts = { err: error, job: id, kind: job.kind, key: job.key, attempt: attempts }
    if (dead) this.#options.log.error(facts, 'A job is dead: it waits for a person')
    else this.#options.log.warn(facts, 'A job failed and will be tried again')
    return () => this.#store.write(failJob, { id, fence, error: describe(error), dueAt, dead })
  }

  /** Between three quarters and all of it: what failed together is not tried together. */
  #jittered(ms: Ms): Ms {
    return Math.round(ms * (0.75 + this.#clock.random() / 4))
  }

  async #beat(): Promise<void> {
    if (this.#running.size === 0) return
    const running = [...this.#running]
    const jobs = running.map(({ job: { id, fence } }) => ({ id, fence }))
    const kept = await this.#store.write(beatJobs, { jobs, leaseMs: this.#leaseMs })
    running.forEach(({ stop }, i) => {
      if (kept[i] !== true) stop.abort(LOST)
    })
  }
}

/** How long whoever refused wants to be left alone. */
function askedPause(error: unknown): Ms {
  const asked = error instanceof Failure ? error.detail.retryAfterMs : undefined
  return typeof asked === 'number' ? asked : 0
}

/** What a person reads beside a dead job. */
function describe(error: unknown): string {
  const text = error instanceof Failure ? `${error.code}: ${error.message}. ${error.next}` : String(error)
  return text.replaceAll('\0', '').toWellFormed().slice(0, 2000)
}
