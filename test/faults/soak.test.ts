import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Engine, type Registry, startRegistry } from '../peers/support/registry.ts'
import { summary } from '../peers/support/summary.ts'
import { check } from './checker.ts'
import { allCollected, keepsUp } from './leftovers.ts'
import { limits, startLoad } from './load.ts'
import { drawFrom } from './random.ts'
import { allServe, strike } from './strike.ts'

// TOWPATH_SOAK_SECONDS=1800 is the long form (npm run test:soak). TOWPATH_FAULT_SEED draws a run's choices again.
const seconds = Number(process.env.TOWPATH_SOAK_SECONDS ?? 90)
const seed = Number(process.env.TOWPATH_FAULT_SEED ?? Date.now() % 1_000_000)
const CLIENTS = 8
const EVERY_MS = 20_000
// Start, last look and the end of all leases; the runner's own limit is for the short form.
const TIMEOUT_MS = 600_000 + seconds * 2000

const rows = [
  ['soak', 'seconds', 'seed', 'kill -9', 'acknowledged', 'unanswered', 'MB pushed', 'checked', 'blobs left', 'lost'],
]

// Side by side: most of it is waiting for leases to end.
suite('all that was not deleted pulls, all that nothing needs goes', { concurrency: true, timeout: TIMEOUT_MS }, () => {
  for (const engine of ['sqlite+files', 'postgres+s3'] as const) {
    test(engine, { timeout: TIMEOUT_MS }, async t => {
      const registry = await startRegistry(engine, { limits, unthrottled: true })
      t.after(() => registry.stop())
      assert.deepEqual(await soak(registry, engine), [], `seed ${seed}\n${registry.output().slice(-4000)}`)
    })
  }
})

/** Clients push, pull, mount, retag and delete while it collects, and a process of the region dies every 20 s. */
async function soak(registry: Registry, engine: Engine): Promise<string[]> {
  const draw = drawFrom(seed)
  const load = startLoad(registry, CLIENTS, seed)
  const processes = registry.processes().length
  const end = performance.now() + seconds * 1000
  let kills = 0
  try {
    while (performance.now() < end) {
      await load.unlessFailed(wait(Math.min(EVERY_MS, Math.max(0, end - performance.now()))))
      strike(registry, engine === 'sqlite+files' && draw.chance(0.4) ? 'writer' : 'region', draw)
      kills += 1
      await load.unlessFailed(allServe(registry, processes))
      await load.unlessFailed(keepsUp(registry))
    }
  } finally {
    await load.stop()
  }
  const findings = await check(registry.wire, load.ledger)
  const { blobs } = findings.length === 0 ? await allCollected(registry) : { blobs: Number.NaN }
  // Collection at rest took nothing either.
  findings.push(...(await check(registry.wire, load.ledger)))
  const { acknowledged, unsure, bytes } = load.tally
  const figures = [seconds, seed, kills, acknowledged, unsure, (bytes / 1e6).toFixed(0)]
  rows.push([engine, ...figures.map(String), `${load.ledger.paths().length}`, `${blobs}`, `${findings.length}`])
  summary('soak', rows)
  return findings
}
