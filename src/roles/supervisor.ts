import { type ChildProcess, spawn } from 'node:child_process'
import type { ProcessState } from '../api/index.ts'
import { type Clock, Failure, failure, type Log, type Ms } from '../kernel/index.ts'
import { fromChild, type ToChild } from './messages.ts'

export type ProcessSpec = {
  readonly name: string
  readonly role: ProcessState['role']
  /** After the program: `serve region --region home --node 0`. */
  readonly args: readonly string[]
  /** Before the program: flags of Node and V8. */
  readonly flags?: readonly string[]
  /** Started from 0 upwards, a stage when the one before is ready; stopped from the last downwards. */
  readonly stage: number
  /** How long it may take to stop before it is killed. */
  readonly deadline: Ms
  readonly env: Readonly<Record<string, string | undefined>>
}

export type Supervisor = {
  /** Resolves when all are ready; rejects where one can not run, or when `stop` comes first. */
  start(): Promise<void>
  states(): ProcessState[]
  /** In order, the last stage first; resolves when none is left. */
  stop(): Promise<void>
  /** Passes a signal on to every process. */
  signal(name: NodeJS.Signals): void
  /** At once. */
  kill(): void
}

type Parts = {
  /** The program that is run by this Node. */
  program: string
  specs: readonly ProcessSpec[]
  clock: Clock
  log: Log
  onPassword: (password: string) => void
}

export const ProcessFailed = failure('PROCESS_FAILED', 500, (name: string, end: string) => ({
  says: `The process "${name}" ended before it was ready (${end})`,
  next: 'Its own words are above; `TOWPATH_LOG_LEVEL=debug` makes it say more',
}))

export const StoppedEarly = failure('STOPPED', 503, () => ({
  says: 'Stopped before all was ready',
  next: 'Start again',
}))

/** After so long in service, an end counts as the first one again. */
const HEALTHY_MS = 60_000
const FIRST_DELAY_MS = 100
const LAST_DELAY_MS = 15_000
/** Whoever sent SIGTERM to one process of a platform that goes on gets a restarted process. */
const ASKED_GRACE_MS = 1_000

type Kept = {
  readonly spec: ProcessSpec
  state: ProcessState
  child?: ChildProcess
  kept?: Promise<void>
  readonly firstReady: PromiseWithResolvers<void>
}

export function createSupervisor({ program, specs, clock, log, onPassword }: Parts): Supervisor {
  const stopping = new AbortController()
  const all = specs.map((spec): Kept => {
    const firstReady = Promise.withResolvers<void>()
    // Stages that are never reached have nobody who waits.
    firstReady.promise.catch(() => {})
    const { name, role } = spec
    return { spec, state: { name, role, state: 'waiting', restarts: 0, since: clock.now() }, firstReady }
  })
  let booted = false

  function set(one: Kept, change: Partial<ProcessState>): void {
    one.state = { ...one.state, ...change, since: clock.now() }
    const processes = all.map(each => each.state)
    for (const { spec, child } of all) if (spec.role === 'control') send(child, { type: 'processes', processes })
  }

  function run(one: Kept): Promise<{ end: string; signal: string | null; readyAt: number | undefined }> {
    const { spec } = one
    const child = spawn(process.execPath, [...(spec.flags ?? []), program, ...spec.args], {
      env: { ...spec.env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    one.child = child
    let readyAt: number | undefined
    set(one, { state: 'starting', pid: child.pid })
    child.on('message', raw => {
      const message = fromChild.safeParse(raw)
      if (!message.success) return log.warn({ process: spec.name }, 'A message that is not understood')
      if (message.data.type === 'asked') return answerAsked(one, child)
      if (message.data.type === 'failed') {
        const { code, says, next } = message.data
        return one.firstReady.reject(new Failure(code, 500, { says, next }))
      }
      readyAt = clock.monotonic()
      if (!stopping.signal.aborted) set(one, { state: 'ready' })
      if (message.data.password !== undefined) onPassword(message.data.password)
      one.firstReady.resolve()
    })
    return new Promise(done => {
      child.once('error', error => {
        log.error({ err: error, process: spec.name }, 'Could not be started')
        if (child.pid === undefined) done({ end: error.message, signal: null, readyAt })
      })
      child.once('exit', (code, signal) => done({ end: signal ?? `exit ${code}`, signal, readyAt }))
    })
  }

  function answerAsked(one: Kept, child: ChildProcess): void {
    clock.sleep(ASKED_GRACE_MS, stopping.signal).then(
      () => endOne(one, child),
      // Aborted: all stop, and its turn comes.
      () => {},
    )
  }

  async function keep(one: Kept): Promise<void> {
    let short = 0
    while (!stopping.signal.aborted) {
      const { end, signal, readyAt } = await run(one)
      delete one.child
      if (stopping.signal.aborted) break
      // A program that ends by itself before it ever served will do so again; one that was killed may not.
      if (!booted && readyAt === undefined && signal === null) one.firstReady.reject(ProcessFailed(one.spec.name, end))
      short = readyAt !== undefined && clock.monotonic() - readyAt > HEALTHY_MS ? 0 : short + 1
      const delay = backoff(short, clock.random())
      set(one, { state: 'waiting', pid: undefined, lastEnd: end })
      log.warn({ process: one.spec.name, end, restartInMs: Math.round(delay) }, 'A process ended and is started again')
      await clock.sleep(delay, stopping.signal).catch(() => {})
      if (!stopping.signal.aborted) set(one, { restarts: one.state.restarts + 1 })
    }
    set(one, { state: 'stopped', pid: undefined })
  }

  /** Asks, waits until the deadline, kills. */
  async function endOne(one: Kept, child: ChildProcess | undefined): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise<void>(done => child.once('exit', () => done()))
    send(child, { type: 'stop' })
    const timer = new AbortController()
    const late = clock.sleep(one.spec.deadline, timer.signal).then(
      () => {
        log.warn({ process: one.spec.name, afterMs: one.spec.deadline }, 'Did not stop in time and is killed')
        child.kill('SIGKILL')
      },
      () => {},
    )
    await exited
    timer.abort()
    await late
  }

  return {
    async start() {
      const stages = [...new Set(specs.map(spec => spec.stage))].sort((a, b) => a - b)
      for (const stage of stages) {
        if (stopping.signal.aborted) throw StoppedEarly()
        const now = all.filter(one => one.spec.stage === stage)
        for (const one of now) one.kept = keep(one)
        await Promise.race([Promise.all(now.map(one => one.firstReady.promise)), whenAborted(stopping.signal)])
      }
      booted = true
    },
    states: () => all.map(one => one.state),
    async stop() {
      stopping.abort()
      const stages = [...new Set(specs.map(spec => spec.stage))].sort((a, b) => b - a)
      for (const stage of stages) {
        const now = all.filter(one => one.spec.stage === stage)
        for (const one of now) if (one.child) set(one, { state: 'stopping' })
        await Promise.all(now.map(one => endOne(one, one.child)))
        await Promise.all(now.map(one => one.kept))
      }
    },
    signal(name) {
      for (const { child } of all) child?.kill(name)
    },
    kill() {
      stopping.abort()
      for (const { child } of all) child?.kill('SIGKILL')
    },
  }
}

/** Doubles up to 15 s; between half and all of it, so that processes that fell together do not start together. */
function backoff(short: number, random: number): Ms {
  if (short <= 1) return FIRST_DELAY_MS * random
  return Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** short) * (0.5 + random / 2)
}

function send(child: ChildProcess | undefined, message: ToChild): void {
  // A child that is just ending has closed its channel: its exit says the rest.
  if (child?.connected) child.send(message, () => {})
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(StoppedEarly()), { once: true }))
}
