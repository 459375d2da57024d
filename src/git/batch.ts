import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { type Clock, isCode } from '../kernel/index.ts'
import { gitEnvironment, SAFE_CONFIG } from './environment.ts'
import { GitFailed, GitMissing, GitSlow } from './failures.ts'
import { oidOf } from './oid-of.ts'

export type Found = {
  readonly oid: string
  readonly type: string
  readonly size: number
  /** Undefined where there are more than asked for. */
  readonly bytes: Uint8Array | undefined
}

/** One `git cat-file --batch`: what starting git for each object would cost is paid once. */
export type Batch = {
  /** By object id, or `<commit>:<path>`. Undefined where there is no such object, and after `close`. Any number may be asked at once. */
  read(name: string, limit: number): Promise<Found | undefined>
  close(): void
}

type Asked = { readonly limit: number; done(found: Found | undefined): void; fail(error: unknown): void }
type Child = ChildProcessByStdio<Writable, Readable, Readable>

const HEADER = /^((?:[0-9a-f]{40}|[0-9a-f]{64})) (blob|tree|commit|tag) (\d+)$/
const LONGEST_NAME = 4_096
const LONGEST_HEADER = 4 * LONGEST_NAME
const PATIENCE_MS = 60_000
const IDLE_MS = 30_000

export function openBatch({ dir, clock }: { dir: string; clock: Clock }): Batch {
  let running: { child: Child; asked: Asked[] } | undefined
  let closed = false
  let resting = new AbortController()

  function start(): { child: Child; asked: Asked[] } {
    const asked: Asked[] = []
    const child: Child = spawn('git', ['-C', dir, ...SAFE_CONFIG, 'cat-file', '--batch'], {
      env: gitEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let told = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told = (told + text).slice(-2_000)))
    const fail = (error: unknown) => {
      if (running?.child === child) running = undefined
      for (const one of asked.splice(0)) one.fail(error)
      child.kill()
    }
    child.once('error', error => fail(isCode(error, 'ENOENT') ? GitMissing().from(error) : error))
    child.once('close', (code, by) => fail(GitFailed('cat-file', code ?? by ?? 'no code', told)))
    // A broken pipe shows in `close` too, with git's own words.
    child.stdin.on('error', () => undefined)
    const take = answers(asked)
    child.stdout.on('data', (chunk: Buffer) => {
      try {
        take(chunk)
      } catch (error) {
        fail(error)
      }
    })
    return { child, asked }
  }

  async function ask(name: string, limit: number): Promise<Found | undefined> {
    running ??= start()
    const { child, asked } = running
    const over = new AbortController()
    const late = clock.sleep(PATIENCE_MS, over.signal).then(
      () => {
        child.kill()
        throw GitSlow('cat-file', PATIENCE_MS / 1000)
      },
      () => undefined,
    )
    const answer = new Promise<Found | undefined>((done, fail) => asked.push({ limit, done, fail }))
    child.stdin.write(`${name}\n`)
    try {
      return await Promise.race([answer, late])
    } finally {
      over.abort()
      void endWhenIdle(child)
    }
  }

  /** A mirror that is read now and then needs no process all day; and one whose folder was made anew needs another. */
  async function endWhenIdle(child: Child): Promise<void> {
    resting.abort()
    resting = new AbortController()
    const { signal } = resting
    await clock.sleep(IDLE_MS, signal).catch(() => undefined)
    if (!signal.aborted && running?.child === child && running.asked.length === 0) end()
  }

  function end(): void {
    resting.abort()
    running?.child.stdin.end()
    running = undefined
  }

  return {
    async read(name, limit) {
      // Whoever was still asking would start a git that nobody ends.
      if (closed) return undefined
      if (name.includes('\0') || name.length > LONGEST_NAME) return undefined
      if (!name.includes('\n')) return ask(name, limit)
      // Would be two questions; no option of git 2.34 asks otherwise.
      const oid = await oidOf(name, { dir, clock })
      return oid === undefined || closed ? undefined : ask(oid, limit)
    },
    close() {
      closed = true
      end()
    },
  }
}

/** Reads `<oid> <type> <size>\n<bytes>\n` or `<name> missing\n`, in the order asked. */
function answers(asked: Asked[]): (chunk: Buffer) => void {
  let head = Buffer.alloc(0)
  let body: { found: Omit<Found, 'bytes'>; kept: Buffer[] | undefined; left: number } | undefined
  return chunk => {
    let rest = chunk
    while (rest.length > 0) {
      if (body === undefined) {
        const to = rest.indexOf(10)
        head = Buffer.concat([head, to === -1 ? rest : rest.subarray(0, to)])
        if (head.length > LONGEST_HEADER) throw new Error('git cat-file answered with a line that is no header')
        if (to === -1) return
        rest = rest.subarray(to + 1)
        const [, oid, type, size] = HEADER.exec(head.toString('utf8')) ?? []
        head = Buffer.alloc(0)
        if (oid === undefined || type === undefined) {
          asked.shift()?.done(undefined)
          continue
        }
        const found = { oid, type, size: Number(size) }
        const fits = found.size <= (asked[0]?.limit ?? 0)
        // One more: each answer ends with a line break.
        body = { found, kept: fits ? [] : undefined, left: found.size + 1 }
      }
      const part = rest.subarray(0, body.left)
      body.kept?.push(part)
      body.left -= part.length
      rest = rest.subarray(part.length)
      if (body.left > 0) return
      const { found, kept } = body
      body = undefined
      asked.shift()?.done({ ...found, bytes: kept && Buffer.concat(kept, found.size) })
    }
  }
}
