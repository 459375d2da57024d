import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../peers/support/process.ts'
import { type Engine, type Registry, type Role, startRegistry } from '../peers/support/registry.ts'
import { summary } from '../peers/support/summary.ts'
import { check } from './checker.ts'
import { LoadClient, type Tally } from './client.ts'
import { Gate } from './gate.ts'
import { Ledger } from './ledger.ts'
import { type Draw, drawFrom } from './random.ts'

// TOWPATH_FAULT_KILLS=200 is the long form (npm run test:long). TOWPATH_FAULT_SEED draws a run's choices
// again; what the machine does between them is its own.
const kills = Number(process.env.TOWPATH_FAULT_KILLS ?? 20)
const seed = Number(process.env.TOWPATH_FAULT_SEED ?? Date.now() % 1_000_000)
const CLIENTS = 6
// A kill, the restart and the check take 2 to 5 s; the runner's own limit is for the short form.
const TIMEOUT_MS = 600_000 + kills * 10_000
// Short enough that uploads expire and content is reclaimed while the kills go on.
const UPLOAD_IDLE_S = 20
const limits = { uploadIdle: `${UPLOAD_IDLE_S} s`, reclaimDelay: '3 s' }
const victims = ['region', 'region', 'region', 'writer', 'writer', 'control', 'supervisor', 'all', 'all'] as const

type Victim = Role | 'all'

const rows = [['kill -9 under load', 'engine', 'seed', 'kills', 'acknowledged', 'unanswered', 'MB pushed', 'lost']]

for (const engine of ['sqlite+files', 'postgres+s3'] as const) {
  test(`nothing acknowledged is lost and nothing half is served: ${engine}`, { timeout: TIMEOUT_MS }, async t => {
    const registry = await startRegistry(engine, { limits, unthrottled: true })
    t.after(() => registry.stop())
    const findings = await killUnderLoad(registry, engine, engine === 'sqlite+files' ? kills : Math.ceil(kills / 4))
    assert.deepEqual(findings, [], `seed ${seed}\n${registry.output().slice(-4000)}`)
  })
}

async function killUnderLoad(registry: Registry, engine: Engine, times: number): Promise<string[]> {
  const draw = drawFrom(seed)
  const ledger = new Ledger()
  const gate = new Gate(CLIENTS)
  const tally: Tally = { acknowledged: 0, unsure: 0, bytes: 0 }
  const findings: string[] = []
  let stopped = false
  const clients = Array.from({ length: CLIENTS }, (_, i) => {
    const parts = {
      wire: registry.wire,
      ledger,
      gate,
      draw: drawFrom(seed + i + 1),
      tally,
      shared: 'fault/shared',
      uploadIdleMs: UPLOAD_IDLE_S * 1000,
    }
    return new LoadClient(`c${i}`, parts).run(() => stopped)
  })
  // A client that ends before it is told to has seen what must not happen.
  const failed = Promise.race(clients).then(
    () => 'a client stopped',
    (error: Error) => `a client: ${error.stack}`,
  )
  const unlessFailed = async (work: Promise<unknown>) => {
    const first = await Promise.race([failed, work])
    if (typeof first === 'string' && !stopped) throw new Error(`seed ${seed}: ${first}`)
  }
  const processes = registry.processes().length
  const struck = new Map<Victim, number>()
  try {
    for (let i = 0; i < times; i++) {
      await unlessFailed(wait(100 + draw.below(900)))
      const victim = draw.pick(engine === 'sqlite+files' ? victims : victims.filter(one => one !== 'writer'))
      struck.set(victim, (struck.get(victim) ?? 0) + 1)
      const whole = strike(registry, victim, draw)
      await wait(draw.below(300))
      const allWait = gate.close()
      if (whole) await restart(registry, whole)
      await unlessFailed(allWait)
      await allServe(registry, processes)
      // The whole every tenth time; else what was touched lately, which is where a kill can have hurt.
      const paths = ledger.paths()
      findings.push(...(await check(registry.wire, ledger, i % 10 === 9 ? paths : paths.slice(-400))))
      if (findings.length > 0) break
      gate.open()
    }
  } finally {
    stopped = true
    gate.open()
  }
  await Promise.all(clients)
  findings.push(...(await check(registry.wire, ledger)))
  if (engine === 'sqlite+files' && findings.length === 0) await reclaimed(registry, ledger)
  const megabytes = (tally.bytes / 1e6).toFixed(0)
  rows.push([
    [...struck].map(([name, n]) => `${name} ${n}`).join(', '),
    engine,
    `${seed}`,
    `${times}`,
    `${tally.acknowledged}`,
    `${tally.unsure}`,
    megabytes,
    `${findings.length}`,
  ])
  summary('faults', rows)
  return findings
}

/** Gives the processes that were left, where the platform must be started again. */
function strike(registry: Registry, victim: Victim, draw: Draw): number[] | undefined {
  const running = registry.processes()
  const whole = victim === 'all' || victim === 'supervisor'
  const chosen = victim === 'all' ? running : [draw.pick(running.filter(one => one.role === victim))]
  for (const { pid } of chosen) process.kill(pid, 'SIGKILL')
  return whole ? running.map(one => one.pid) : undefined
}

/** A supervisor that is gone takes its processes with it; then somebody starts it again. */
async function restart(registry: Registry, before: readonly number[]): Promise<void> {
  const gone = async () => before.every(pid => !alive(pid))
  await until('the end of all processes of a killed supervisor', gone, { context: () => registry.output() })
  await registry.start()
}

/** A dead process that nobody has waited for yet holds no port and no lock. */
function alive(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ''
  return stat !== '' && !/\) [ZX] /.test(stat)
}

/** Every process that there should be is there and serves, so new connections are answered whoever takes them. */
async function allServe(registry: Registry, count: number): Promise<void> {
  const serve = async () => {
    const response = await fetch(new URL('/api/v1/status', registry.controlUrl), { headers: registry.wire.headers })
    const status: { processes: { state: string }[]; nodes: { answers: boolean }[] } = JSON.parse(await response.text())
    const ready = status.processes.every(one => one.state === 'ready') && status.nodes.every(one => one.answers)
    return ready && registry.processes().length === count
  }
  await until('all processes to serve', serve, { timeoutMs: 60_000, context: () => registry.output() })
}

/** What no row names and no upload holds goes away: in the end the files are the blobs that are served. */
async function reclaimed(registry: Registry, ledger: Ledger): Promise<void> {
  const isBlob = (path: string) => path.includes('/blobs/') && !ledger.possible(path).has(undefined)
  const held = new Set(
    ledger
      .paths()
      .filter(isBlob)
      .map(path => path.slice(path.indexOf('/blobs/') + 7)),
  )
  const region = join(registry.home, 'regions/home')
  const files = (folder: string) =>
    globSync('**/*', { cwd: join(region, folder) }).filter(name => statSync(join(region, folder, name)).isFile())
  let left: string[] = []
  const done = async () => {
    left = [...files('uploads').map(name => `uploads/${name}`), ...files('blobs')]
    return left.length === held.size && left.every(name => !name.startsWith('uploads/'))
  }
  const context = () =>
    `${left.length} files for ${held.size} blobs\n${left.slice(0, 20).join('\n')}\n${registry.output()}`
  await until('leftovers to be reclaimed', done, { timeoutMs: 120_000, context })
}
