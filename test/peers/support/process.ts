import { execFile, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type Running = {
  readonly pid: number
  /** All that it printed so far. */
  output(): string
  /** Resolves when it is gone; SIGKILL after 15 s. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

type StartOptions = { log: string; env?: NodeJS.ProcessEnv; cwd?: string; uid?: number; gid?: number }

/** Starts a program that goes on; what it prints goes to the file `log`. */
export function start(command: string, args: readonly string[], options: StartOptions): Running {
  const { log, ...rest } = options
  const out = openSync(log, 'w')
  const child = spawn(command, args, { ...rest, stdio: ['ignore', out, out] })
  closeSync(out)
  const gone = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const { pid } = child
  if (pid === undefined)
    throw new Error(`${command} did not start. Is it installed? .ci/peers installs what the peers need`)
  const kill = () => child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')
  process.once('exit', kill)
  return {
    pid,
    output: () => readFileSync(log, 'utf8'),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      const late = setTimeout(kill, 15_000)
      await gone
      clearTimeout(late)
      process.removeListener('exit', kill)
    },
  }
}

type RunOptions = { env?: NodeJS.ProcessEnv; cwd?: string; timeoutMs?: number }

/** Runs a program to its end and gives its stdout; throws with all it printed where it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { timeoutMs = 300_000, ...rest } = options
  return new Promise((resolve, reject) => {
    execFile(command, args, { ...rest, timeout: timeoutMs, maxBuffer: 256 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const words = [`${command} ${args.join(' ')}`, error.message, stderr.slice(-4000), stdout.slice(-2000)]
      reject(new Error(words.join('\n'), { cause: error }))
    })
  })
}

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Asks until the answer is yes; a throw counts as no. Says what never came, with `context`. */
export async function until(
  what: string,
  check: () => Promise<boolean>,
  { timeoutMs = 30_000, context }: { timeoutMs?: number; context?: () => string } = {},
): Promise<void> {
  const end = performance.now() + timeoutMs
  let last: unknown
  while (performance.now() < end) {
    try {
      if (await check()) return
    } catch (error) {
      last = error
    }
    await wait(50)
  }
  throw new Error(`${what}: not within ${timeoutMs} ms\n${context?.() ?? ''}`, { cause: last })
}
