import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Engine, type Registry, startRegistry } from '../peers/support/registry.ts'
import { summary } from '../peers/support/summary.ts'
import { check } from './checker.ts'
import { allCollected } from './leftovers.ts'
import { limits, startLoad } from './load.ts'
import { drawFrom } from './random.ts'
import { allServe, restart, strike, type Victim } from './strike.ts'

// TOWPATH_FAULT_KILLS=200 is the long form (npm run test:long). TOWPATH_FAULT_SEED draws a run's choices
// again; what the machine does between them is its own.
const kills = Number(process.env.TOWPATH_FAULT_KILLS ?? 20)
const seed = Number(process.env.TOWPATH_FAULT_SEED ?? Date.now() % 1_000_000)
const CLIENTS = 6
// A kill, the restart and the check take 2 to 5 s; the runner's own limit is for the short form.
const TIMEOUT_MS = 600_000 + kills * 10_000
const victims = ['region', 'region', 'region', 'writer', 'writer', 'control', 'supervisor', 'all', 'all'] as const

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
  const load = startLoad(registry, CLIENTS, seed)
  const { ledger, gate, tally, unlessFailed } = load
  const findings: string[] = []
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
    await load.stop()
  }
  findings.push(...(await check(registry.wire, ledger)))
  if (findings.length === 0) await allCollected(registry)
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
