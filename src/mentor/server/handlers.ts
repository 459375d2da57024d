import { spawn } from 'node:child_process'
import type { Clock, Log } from '../../kernel/index.ts'
import type { Handler } from '../config/types.ts'

/**
 * Programs that a team is told by. Only what the user allowed on this machine comes here: `loadMentorConfig` leaves
 * the others out.
 */
export type Handlers = {
  /** Starts it when those before it are done. Never waits, never fails: what goes wrong stands in the log. */
  run(handler: Handler, facts: Readonly<Record<string, unknown>>): void
  /** Ends the one that runs, and drops the rest. */
  close(): void
}

const DEADLINE_MS = 10_000
/** A handler that hangs must not fill memory with what it has not heard. */
const MOST_WAITING = 100
const MOST_SAID = 2_000

export function createHandlers({ clock, log }: { clock: Clock; log: Log }): Handlers {
  const closing = new AbortController()
  const waiting: (() => Promise<void>)[] = []
  let running = false

  async function drain(): Promise<void> {
    if (running) return
    running = true
    for (let next = waiting.shift(); next && !closing.signal.aborted; next = waiting.shift()) await next()
    running = false
  }

  return {
    run(handler, facts) {
      if (closing.signal.aborted) return
      if (waiting.length >= MOST_WAITING) {
        log.warn({ command: handler.command[0] }, 'A handler is too slow for what happens: an event was not told')
        return
      }
      waiting.push(() => runOnce(handler, `${JSON.stringify(facts)}\n`, { clock, log, signal: closing.signal }))
      void drain()
    },
    close: () => closing.abort(),
  }
}

type Running = { clock: Clock; log: Log; signal: AbortSignal }

/** Without a shell: the words of the command are what is run, whatever stands in them. */
async function runOnce({ command, folder }: Handler, line: string, { clock, log, signal }: Running): Promise<void> {
  const [program = '', ...args] = command
  const late = new AbortController()
  const over = AbortSignal.any([signal, late.signal])
  const done = new AbortController()
  clock.sleep(DEADLINE_MS, done.signal).then(
    () => late.abort(),
    () => undefined,
  )
  const said = await new Promise<string>(resolve => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe'],
      signal: over,
      killSignal: 'SIGKILL',
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MOST_SAID)
    })
    // It may have ended before it read.
    child.stdin.on('error', () => undefined)
    child.stdin.end(line)
    child.on('error', error => resolve(late.signal.aborted ? `ran longer than ${DEADLINE_MS / 1000} s` : error.message))
    child.on('close', code => resolve(code === 0 ? '' : `ended with ${code}: ${stderr}`))
  })
  done.abort()
  if (said !== '' && !signal.aborted) log.warn({ command: program, folder }, `A handler failed: ${said.trim()}`)
}
