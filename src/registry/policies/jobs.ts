import type { Clock, Jobs, Log, Ms, Store } from '../../kernel/index.ts'
import type { ServedPolicy } from './policy.ts'
import { forgetRun, readRuns, recordRun, ruleOf } from './run-rows.ts'
import { isSweeping } from './sweeps.ts'
import type { PolicyWork } from './work.ts'

/** How soon one that is new or changed runs. */
const LOOK_MS: Ms = 60_000
const EVERY_MS: Ms = 3_600_000

type Parts = {
  store: Store
  clock: Clock
  log: Pick<Log, 'info'>
  policies: () => readonly ServedPolicy[]
  /** Undefined for a registry that is not served any more. */
  tenantOf: (registryId: string) => string | undefined
  work: PolicyWork
}

/** Runs each policy that deletes, once among all processes of the region. */
export function policyJobs(jobs: Pick<Jobs, 'repeat'>, parts: Parts): void {
  jobs.repeat('registry.policies', LOOK_MS, ({ signal }) => runDuePolicies(parts, signal))
}

export async function runDuePolicies(parts: Parts, signal: AbortSignal): Promise<void> {
  const { store, clock, log, policies, tenantOf, work } = parts
  const runs = new Map((await readRuns(store.read)).map(run => [run.policyId, run]))
  const sweeping = policies().filter(isSweeping)
  for (const policy of sweeping) {
    const { registryId, id: policyId, name } = policy
    const rule = ruleOf(policy)
    const last = runs.get(policyId)
    const tenantId = tenantOf(registryId)
    const isDue = last?.rule !== rule || last.ranAt + EVERY_MS <= clock.now()
    if (!isDue || tenantId === undefined) continue
    const { tags, manifests } = await work.run(policy, tenantId, signal)
    if (signal.aborted) return
    await store.write(recordRun, { registryId, policyId, rule })
    const gone = { tags: tags.goes, manifests: manifests.goes }
    if (gone.tags + gone.manifests > 0)
      log.info({ registryId, policy: name, ...gone }, 'A policy removed what it names')
  }
  const known = new Set(sweeping.map(one => one.id))
  for (const { registryId, policyId } of runs.values()) {
    if (!known.has(policyId)) await store.write(forgetRun, { registryId, policyId })
  }
}
