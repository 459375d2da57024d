import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The command line, out of the sources. */
export const PROGRAM = join(ROOT, 'bin', 'towpath.mjs')
const START_MS = 60_000
const STOP_MS = 40_000

export type ProcessInfo = {
  name: string
  role: string
  state: string
  pid?: number
  restarts: number
  lastEnd?: string
}

export type Platform = {
  /** `http://127.0.0.1:<port>`. */
  readonly control: string
  /** `127.0.0.1:<port>`, as image references have it. */
  readonly registry: string
  /** `127.0.0.1:<port>` of region `index`. */
  regional(index?: number): string
  readonly home: string
  readonly adminPassword: string
  readonly env: Record<string, string>
  /** Of the supervisor. */
  readonly pid: number
  /** What it wrote so far. */
  output(): { stdout: string; stderr: string }
  /** From the API; throws while control is away. */
  processes(): Promise<ProcessInfo[]>
  /** By process name: `control`, `writer home`, `region home 0`. */
  pids(): Promise<Record<string, number>>
  /** Kills a process by its name and gives its pid; `supervisor` too. */
  kill9(name: string): Promise<number>
  /** Waits for `what` to be true of the processes; throws after 30 s. */
  until(what: (processes: ProcessInfo[]) => boolean): Promise<ProcessInfo[]>
  /** Asks the API as admin. */
  api(path: string, init?: { method?: string; body?: unknown }): Promise<Response>
  /** The same where it has to succeed: what is answered. */
  make<T = { id: string }>(path: string, body?: unknown, method?: string): Promise<T>
  /** SIGTERM and wait. Resolves with the exit code; removes the home unless it was given or `keep` is set. */
  stop(options?: { keep?: boolean }): Promise<number | null>
}

export type PlatformOptions = {
  env?: Record<string, string>
  /** Kept by `stop`; a temporary folder otherwise. */
  home?: string
  /** Ports of an earlier platform, to start again where it was. */
  ports?: { control: number; registry: number }
  /** For an installed package or another clone. */
  program?: string
  /** Where its output goes as it comes, besides `output()`. */
  echo?: boolean
}

/** A real `towpath up` on free ports of 127.0.0.1, ready when it resolves. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'towpath-test-')))
  const ports = options.ports ?? (await freePorts())
  const adminPassword = options.env?.TOWPATH_ADMIN_PASSWORD ?? 'test-password-of-the-admin'
  const env: Record<string, string> = {
    ...inherited(),
    TOWPATH_HOME: home,
    TOWPATH_ADMIN_PASSWORD: adminPassword,
    TOWPATH_LISTEN_CONTROL: String(ports.control),
    TOWPATH_LISTEN_REGISTRY: String(ports.registry),
    ...options.env,
  }
  const child = spawn(process.execPath, [options.program ?? PROGRAM, 'up'], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', chunk => {
      texts[name] += chunk
      if (options.echo) process.stderr.write(chunk)
    })
  }
  const exited = new Promise<number | null>(done => child.once('exit', code => done(code)))
  await ready(child, exited, texts)
  return describe({ child, exited, texts, home, ports, adminPassword, env, temporary: options.home === undefined })
}

async function ready(child: ChildProcess, exited: Promise<unknown>, texts: { stderr: string }): Promise<void> {
  const late = new AbortController()
  const first = await Promise.race([
    once(child, 'message').then(() => 'ready'),
    exited.then(() => 'ended'),
    sleep(START_MS, 'late', { signal: late.signal, ref: false }),
  ])
  late.abort()
  if (first === 'ready') return
  child.kill('SIGKILL')
  throw new Error(`The platform ${first === 'ended' ? 'ended' : 'was not ready in time'}:\n${texts.stderr}`)
}

type Facts = {
  child: ChildProcess
  exited: Promise<number | null>
  texts: { stdout: string; stderr: string }
  home: string
  ports: { control: number; registry: number }
  adminPassword: string
  env: Record<string, string>
  temporary: boolean
}

function describe({ child, exited, texts, home, ports, adminPassword, env, temporary }: Facts): Platform {
  const control = `http://127.0.0.1:${ports.control}`
  const pid = child.pid ?? 0
  const api: Platform['api'] = (path, init = {}) =>
    fetch(`${control}${path}`, {
      method: init.method ?? 'GET',
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    })

  async function processes(): Promise<ProcessInfo[]> {
    const answer = await api('/api/v1/status')
    if (!answer.ok) throw new Error(`status answered ${answer.status}: ${await answer.text()}`)
    return ((await answer.json()) as { processes: ProcessInfo[] }).processes
  }

  async function pids(): Promise<Record<string, number>> {
    return Object.fromEntries((await processes()).map(one => [one.name, one.pid ?? 0]))
  }

  return {
    control,
    registry: `127.0.0.1:${ports.registry}`,
    regional: (index = 0) => `127.0.0.1:${ports.registry + 1 + index}`,
    home,
    adminPassword,
    env,
    pid,
    output: () => ({ ...texts }),
    processes,
    pids,
    async kill9(name) {
      const target = name === 'supervisor' ? pid : (await pids())[name]
      if (!target) throw new Error(`There is no process "${name}"`)
      process.kill(target, 'SIGKILL')
      return target
    },
    async until(what) {
      for (let tries = 0; tries < 600; tries++) {
        const now = await processes().catch(() => undefined)
        if (now && what(now)) return now
        await sleep(50)
      }
      throw new Error(`It did not come to that; the processes now: ${JSON.stringify(await processes())}`)
    },
    api,
    async make<T>(path: string, body?: unknown, method = 'POST') {
      const answer = await api(path, { method, body })
      const words = await answer.text()
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${words}`)
      return (words === '' ? undefined : JSON.parse(words)) as T
    },
    async stop({ keep = false } = {}) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      const late = new AbortController()
      const code = await Promise.race([exited, sleep(STOP_MS, 'late' as const, { signal: late.signal, ref: false })])
      late.abort()
      if (code === 'late') {
        child.kill('SIGKILL')
        throw new Error(`The platform did not stop in time:\n${texts.stderr}`)
      }
      if (temporary && !keep) await rm(home, { recursive: true, force: true })
      return code
    },
  }
}

/** The test runner's own settings would make children report as tests; keys of ours would steer them. */
function inherited(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(TOWPATH_|NODE_TEST|NODE_CHANNEL|NODE_V8)/.test(name))
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** Under the range that outgoing connections take their ports from; `registry` is followed by 3 more free ones. */
export async function freePorts(): Promise<{ control: number; registry: number }> {
  for (let tries = 0; tries < 100; tries++) {
    const base = 10_000 + Math.floor(Math.random() * 2000) * 10
    const all = await Promise.all([0, 1, 2, 3, 4].map(step => isFree(base + step)))
    if (all.every(Boolean)) return { control: base, registry: base + 1 }
  }
  throw new Error('No free ports found')
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise(done => {
    server.once('error', () => done(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => done(true)))
  })
}
