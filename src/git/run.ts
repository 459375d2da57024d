import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { type Clock, isCode, type Ms } from '../kernel/index.ts'
import { gitEnvironment, SAFE_CONFIG } from './environment.ts'
import { GitFailed, GitMissing, GitSlow, GitTooMuch } from './failures.ts'

export type GitOptions = {
  readonly clock: Clock
  /** The repository, or a folder in it. */
  readonly dir?: string
  readonly signal?: AbortSignal | undefined
  /** In all. */
  readonly deadline?: Ms
  /** Without a byte from git, where it tells of progress. */
  readonly idle?: Ms
  /** Exit codes that are answers; 0 where nothing is said. */
  readonly codes?: readonly number[]
  /** What git says beside its answer, as it comes. */
  readonly onTold?: (text: string) => void
}

export type GitAnswer = { readonly code: number; readonly bytes: Buffer }

type Child = ChildProcessByStdio<null, Readable, Readable>

const DEADLINE_MS = 60_000
const ANSWER_BYTES = 64 * 1024 * 1024
const TOLD_LENGTH = 8_192

/** Runs git and gives what it answered, at most `limit` bytes. */
export async function runGit(
  args: readonly string[],
  { limit = ANSWER_BYTES, ...options }: GitOptions & { limit?: number },
): Promise<GitAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  const stream = streamGit(args, options)
  for (;;) {
    const { value, done } = await stream.next()
    if (done) return { code: value, bytes: Buffer.concat(chunks) }
    length += value.length
    if (length > limit) {
      await stream.return(1)
      throw GitTooMuch(nameOf(args), limit)
    }
    chunks.push(value)
  }
}

/** What git answers, as it comes; returns its exit code. Whoever stops reading stops git. */
export async function* streamGit(args: readonly string[], options: GitOptions): AsyncGenerator<Buffer, number> {
  const { clock, dir, signal, deadline = DEADLINE_MS, idle, codes = [0], onTold } = options
  signal?.throwIfAborted()
  const at = dir === undefined ? [] : ['-C', dir]
  // A group of its own, so that what git starts (ssh, index-pack) ends with it; and no terminal to ask at.
  const child: Child = spawn('git', [...at, ...SAFE_CONFIG, ...args], {
    env: gitEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const over = new AbortController()
  let stopped: unknown
  const stop = (why: unknown) => {
    stopped ??= why
    end(child)
  }
  const onAbort = () => stop(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  let heard = clock.monotonic()
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    heard = clock.monotonic()
    told = (told + text).slice(-TOLD_LENGTH)
    onTold?.(text)
  })
  const ended = new Promise<number | string>(done => {
    child.once('error', error => {
      stopped ??= isCode(error, 'ENOENT') ? GitMissing().from(error) : error
      done('no start')
    })
    child.once('close', (code, by) => done(code ?? by ?? 'no code'))
  })
  void watch({ clock, deadline, idle, over: over.signal, heard: () => heard }, seconds =>
    stop(GitSlow(nameOf(args), seconds)),
  )
  try {
    for await (const chunk of child.stdout) {
      heard = clock.monotonic()
      yield chunk
    }
    const code = await ended
    if (stopped !== undefined) throw stopped
    if (typeof code !== 'number' || !codes.includes(code)) throw GitFailed(nameOf(args), code, told)
    return code
  } finally {
    over.abort()
    signal?.removeEventListener('abort', onAbort)
    end(child)
  }
}

type Watched = { clock: Clock; deadline: Ms; idle: Ms | undefined; over: AbortSignal; heard: () => Ms }

async function watch({ clock, deadline, idle, over, heard }: Watched, late: (seconds: number) => void): Promise<void> {
  const until = clock.monotonic() + deadline
  for (;;) {
    const quietUntil = idle === undefined ? until : heard() + idle
    const left = Math.min(until, quietUntil) - clock.monotonic()
    if (left <= 0) return late(Math.round((quietUntil < until && idle !== undefined ? idle : deadline) / 1000))
    await clock.sleep(left, over).catch(() => undefined)
    if (over.aborted) return
  }
}

function end(child: Child): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch {
    // Windows has no groups of processes; and one that has just ended needs no signal.
    child.kill()
  }
}

/** The command without options and without what may hold a secret. */
function nameOf(args: readonly string[]): string {
  return args.find((arg, i) => !arg.startsWith('-') && args[i - 1] !== '-c') ?? ''
}
