import {
  type Clock,
  dropLease,
  Failure,
  type Lease,
  LeaseLost,
  type Ms,
  type Store,
  sql,
  takeLease,
} from '../kernel/index.ts'
import { AuditChainBroken } from './failures.ts'
import type { AuditKeys } from './keys.ts'
import { MOST_SEALED, sealTenant } from './seal.ts'

const LEASE_MS = 10_000
const RENEW_MS = 3_000
/** How long an entry stays unsealed, against what looking costs: one indexed read. */
const BUSY_PAUSE_MS = 50
const IDLE_PAUSE_MS = 300
const RETRY_PAUSE_MS = 1_000
/** A broken chain is looked at again this often: somebody may have repaired it. */
const BROKEN_PAUSE_MS = 60_000

export type SealerOptions = {
  store: Store
  clock: Clock
  keys: AuditKeys
  region: string
  /** Unique per process. */
  holder: string
  signal: AbortSignal
  /** Told of what goes wrong; it is tried again. */
  onError: (error: unknown) => void
}

/** Seals a region's audit until the signal; of several processes one does, the others wait for its lease. */
export async function runSealer(options: SealerOptions): Promise<void> {
  const { clock, signal, onError } = options
  const broken = new Map<string, Ms>()
  while (!signal.aborted) {
    const pause = await holdOnce(options, broken).catch(error => {
      if (!(error instanceof Failure && error.is(LeaseLost))) onError(error)
      return RETRY_PAUSE_MS
    })
    await clock.sleep(pause * (0.75 + clock.random() / 2), signal).catch(() => {})
  }
}

/** One term as the holder, or a look at whether there could be one. Returns how long to wait for the next. */
async function holdOnce(options: SealerOptions, broken: Map<string, Ms>): Promise<Ms> {
  const { store, clock, region, holder, signal } = options
  const asked = { name: `audit/${region}`, holder, ms: LEASE_MS }
  let lease = await store.write(takeLease, asked)
  if (lease === undefined) return RETRY_PAUSE_MS
  let renewAt = clock.monotonic() + RENEW_MS
  while (!signal.aborted) {
    if (clock.monotonic() >= renewAt) {
      lease = await store.write(takeLease, asked)
      if (lease === undefined) return RETRY_PAUSE_MS
      renewAt = clock.monotonic() + RENEW_MS
    }
    const most = await sealOnce(options, lease, broken)
    if (most < MOST_SEALED) await clock.sleep(most > 0 ? BUSY_PAUSE_MS : IDLE_PAUSE_MS, signal).catch(() => {})
  }
  // What was recorded before the stop does not wait for the next start.
  await sealOnce(options, lease, broken)
  await store.write(dropLease, lease)
  return 0
}

type Parts = Pick<SealerOptions, 'store' | 'clock' | 'keys' | 'region' | 'onError'>

/** Seals up to 256 entries of each tenant that has any; returns the most that one had. */
export async function sealOnce(parts: Parts, lease: Lease, broken = new Map<string, Ms>()): Promise<number> {
  const { store, clock, region, onError } = parts
  let most = 0
  for (
    let tenantId = await nextTenant(store, region, '');
    tenantId;
    tenantId = await nextTenant(store, region, tenantId)
  ) {
    if ((broken.get(tenantId) ?? 0) > clock.monotonic()) continue
    try {
      most = Math.max(most, await sealTenant({ ...parts, lease, tenantId, now: clock.now() }))
    } catch (error) {
      if (!(error instanceof Failure && error.is(AuditChainBroken))) throw error
      // One tenant's broken chain keeps no other from being sealed.
      broken.set(tenantId, clock.monotonic() + BROKEN_PAUSE_MS)
      onError(error)
    }
  }
  return most
}

/** The tenants that have unsealed entries, one indexed read each, however many entries there are. */
async function nextTenant(store: Store, region: string, after: string): Promise<string | undefined> {
  const row = await store.read.one<{ tenant_id: string }>(sql`select tenant_id from audit_entry
    where region_id = ${region} and sequence = 0 and tenant_id > ${after} order by tenant_id limit 1`)
  return row?.tenant_id
}
