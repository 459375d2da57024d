import { constants } from 'node:os'
import type { ProcessState } from '../api/index.ts'
import type { Clock } from '../kernel/index.ts'
import { type FromChild, toChild } from './messages.ts'
import { stayAlive } from './stay.ts'

/** A role's tie to whoever started it: the supervisor, or a shell or an orchestrator. */
export type Lifecycle = {
  /** Aborted when the role is to stop. */
  readonly signal: AbortSignal
  /** Says that it serves. */
  ready(first?: { password?: string | undefined }): void
  /** Whether it stops because the supervisor is gone: then nobody keeps the order in which roles stop. */
  orphaned(): boolean
  /** What the supervisor knows of all processes; undefined where there is none. */
  processes(): readonly ProcessState[] | undefined
  /** The role has ended: nothing of this keeps the process any more. */
  end(): void
}

/** Longer than any drain: whoever still runs then hangs. */
const ORPHAN_DEADLINE_MS = 15_000

/**
 * Under a supervisor only its word stops a role, in its order: a Ctrl-C reaches the whole process group, and a
 * writer that obeyed it would leave its nodes in the middle of their requests. A supervisor that is gone, by
 * kill -9 too, closes the channel, and that stops the role as well.
 */
export function startLifecycle({ clock, supervised }: { clock: Clock; supervised: boolean }): Lifecycle {
  const stopping = new AbortController()
  const leave = stayAlive()
  const stop = (why: string) => stopping.abort(new Error(why))
  let orphaned = false
  let processes: readonly ProcessState[] | undefined
  const tell = (message: FromChild) => process.send?.(message, () => {})

  // It may have died while this process was still loading, and then there is no channel that could close.
  if (supervised && !process.connected) stop('The supervisor is gone')
  else if (supervised) {
    process.on('SIGINT', () => {})
    process.on('SIGTERM', () => tell({ type: 'asked' }))
    process.on('message', raw => {
      const message = toChild.safeParse(raw)
      if (!message.success) return
      if (message.data.type === 'stop') stop('The supervisor stops this process')
      else processes = message.data.processes
    })
    process.on('disconnect', () => {
      orphaned = true
      stop('The supervisor is gone')
      // Never an orphan that holds a port or the database.
      clock.sleep(ORPHAN_DEADLINE_MS).then(() => process.exit(1))
    })
  } else {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (stopping.signal.aborted) process.exit(128 + constants.signals[name])
        stop(`Stopped by ${name}`)
      })
    }
  }

  return {
    signal: stopping.signal,
    ready: first => tell({ type: 'ready', ...(first?.password === undefined ? {} : { password: first.password }) }),
    processes: () => processes,
    orphaned: () => orphaned,
    end: leave,
  }
}

/** Resolves when the signal fires. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(done => signal.addEventListener('abort', () => done(), { once: true }))
}
