import { dropLease, Failure, type Lease, LeaseLost, takeLease } from '../../kernel/index.ts'
import { collectEvents } from './collect.ts'
import { type DeliverParts, deliverEvents } from './deliver.ts'
import { cursorOf, heldHooks } from './deliveries.ts'
import { webhookQueue } from './queue.ts'

const LEASE_MS = 10_000
const RENEW_MS = 3_000
const REST_MS = 1_000
const TRIM_MS = 10_000

type Parts = Omit<DeliverParts, 'lease' | 'rung'> & {
  region: string
  /** Unique per process. */
  holder: string
}

/** A region's webhooks until the signal. Of its processes one works, the others wait for its lease; without a hook none does. */
export async function runWebhooks(parts: Parts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts
  while (!signal.aborted) {
    await holdOnce(parts, signal).catch(error => {
      const isLost = error instanceof Failure && error.is(LeaseLost)
      if (!isLost && !signal.aborted) log.warn({ err: error }, 'Webhooks wait; it is tried again')
    })
    await clock.sleep(REST_MS * (0.75 + clock.random() / 2), signal).catch(() => {})
  }
}

async function holdOnce(parts: Parts, signal: AbortSignal): Promise<void> {
  const { store, region, holder, hooks } = parts
  if (hooks().length === 0 && (await cursorOf(store.read, region)) === undefined) return
  const lease = await store.write(takeLease, { name: `webhooks/${region}`, holder, ms: LEASE_MS })
  if (lease === undefined) return
  const stop = new AbortController()
  const ending = AbortSignal.any([signal, stop.signal])
  const bell = createBell()
  const one = { ...parts, lease, ring: bell.ring, rung: bell.rung }
  const works = [keepLease(one, ending), tidy(one, ending), collectEvents(one, ending), deliverEvents(one, ending)]
  // The first that ends takes the others with it, or a lost lease would leave half of them at work.
  const ended = works.map(work => work.finally(() => stop.abort()))
  try {
    await Promise.all(ended)
  } finally {
    await Promise.allSettled(ended)
    await store.write(dropLease, lease)
  }
}

type Holding = Parts & { lease: Lease }

async function keepLease({ store, clock, region, holder, lease }: Holding, signal: AbortSignal): Promise<void> {
  const name = `webhooks/${region}`
  while (!signal.aborted) {
    await clock.sleep(RENEW_MS, signal).catch(() => {})
    if (signal.aborted) return
    const kept = await store.write(takeLease, { name, holder, ms: LEASE_MS })
    if (kept?.fence !== lease.fence) throw LeaseLost(name, lease.fence)
  }
}

/** Bounds the logs, and takes away what belonged to hooks that are gone. Ends where nobody listens any more. */
async function tidy({ store, clock, region, hooks }: Holding, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const known = new Set(hooks().map(hook => hook.id))
    for (const held of await heldHooks(store.read)) {
      const { registryId, hookId } = held
      await store.write(known.has(hookId) ? webhookQueue.trim : webhookQueue.forgetHook, { registryId, hookId })
    }
    if (known.size === 0) return void (await store.write(webhookQueue.endCursor, region))
    await clock.sleep(TRIM_MS, signal).catch(() => {})
  }
}

function createBell() {
  let next = Promise.withResolvers<void>()
  return {
    rung: () => next.promise,
    ring: () => {
      next.resolve()
      next = Promise.withResolvers<void>()
    },
  }
}
