import type { Clock, HttpClient, Lease, Log, Metrics, Ms, Opener, Store } from '../../kernel/index.ts'
import { type DueLane, dueHooks, dueLanes, nextDelivery } from './deliveries.ts'
import { webhookQueue } from './queue.ts'
import { send } from './send.ts'
import type { ServedWebhook } from './webhook.ts'

/** Requests of one hook at a time, each of another repository: what this process holds of its queue. */
const LANES_A_HOOK = 4
const LOOK_MS = 1_000
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 600_000
/** An event is tried for so long, and once in any case. */
const TRIED_FOR_MS = 24 * 3_600_000

export type DeliverParts = {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  http: HttpClient
  open: Opener['open']
  lease: Lease
  hooks: () => readonly ServedWebhook[]
  /** Resolves when there may be something new to send. */
  rung: () => Promise<void>
}

/**
 * Sends what is due until the signal: of each hook a few repositories at once, of each repository one event after the
 * other. A receiver that is slow or away keeps its own lanes busy and nobody else's.
 */
export async function deliverEvents(parts: DeliverParts, signal: AbortSignal): Promise<void> {
  const { store, clock } = parts
  const busy = new Map<string, Map<string, Promise<void>>>()
  let lost: unknown
  const stop = new AbortController()
  const ending = AbortSignal.any([signal, stop.signal])
  let freed = Promise.withResolvers<void>()

  function begin(hook: ServedWebhook, lane: DueLane, lanes: Map<string, Promise<void>>): void {
    const work = attempt(parts, hook, lane, ending)
      .catch(error => {
        if (ending.aborted) return
        // The lease is gone, or the database: whoever holds it next begins anew.
        lost = error
        stop.abort(error)
      })
      .finally(() => {
        lanes.delete(lane.repository)
        freed.resolve()
      })
    lanes.set(lane.repository, work)
  }

  while (!ending.aborted) {
    const rung = parts.rung()
    freed = Promise.withResolvers<void>()
    const enabled = new Map(parts.hooks().map(hook => [hook.id, hook]))
    for (const { hookId, registryId } of await dueHooks(store.read, clock.now())) {
      const hook = enabled.get(hookId)
      if (!hook?.enabled) continue
      const lanes = busy.get(hookId) ?? new Map<string, Promise<void>>()
      busy.set(hookId, lanes)
      if (lanes.size >= LANES_A_HOOK) continue
      // Those at work are due too: as many more are asked for.
      const due = await dueLanes(store.read, { registryId, hookId }, clock.now(), 2 * LANES_A_HOOK)
      const idle = due.filter(lane => !lanes.has(lane.repository)).slice(0, LANES_A_HOOK - lanes.size)
      for (const lane of idle) begin(hook, lane, lanes)
    }
    for (const [id, lanes] of busy) if (lanes.size === 0) busy.delete(id)
    const looked = new AbortController()
    const look = clock.sleep(LOOK_MS * (0.75 + clock.random() / 2), AbortSignal.any([ending, looked.signal]))
    // Woken early or told to stop: the loop looks at what it is.
    await Promise.race([rung, freed.promise, look.catch(() => {})])
    looked.abort()
  }
  await Promise.all([...busy.values()].flatMap(lanes => [...lanes.values()]))
  if (lost !== undefined) throw lost
}

async function attempt(parts: DeliverParts, hook: ServedWebhook, lane: DueLane, signal: AbortSignal): Promise<void> {
  const { store, clock, lease, log, metrics } = parts
  const { registryId, hookId, repository, failures } = lane
  const delivery = await nextDelivery(store.read, lane)
  // Settled since the lane was read; it is gone by now, or has another one due.
  if (!delivery) return
  const outcome = await send(parts, hook, delivery, signal)
  const at = { registryId, hookId, repository }
  if ('restsFor' in outcome) {
    await store.write(webhookQueue.postpone, { ...at, dueAt: clock.now() + outcome.restsFor })
    return
  }
  const old = clock.now() - delivery.createdAt >= TRIED_FOR_MS
  const retryAt = old ? 0 : clock.now() + pauseAfter(failures, clock)
  await store.write(webhookQueue.settle, { ...at, lease, number: delivery.number, outcome, retryAt })
  const how = outcome.delivered ? 'delivered' : old ? 'dead' : 'failed'
  metrics
    .counter('towpath_webhook_attempts_total', 'Requests to receivers, by how they ended.', ['outcome'])
    .with({ outcome: how })
    .add()
  const facts = { hook: hook.name, registry: hook.registryName, number: delivery.number, why: outcome.error }
  if (how === 'dead') log.error(facts, 'An event of a webhook is dead: it waits for a person')
  else if (how === 'failed' && failures === 0)
    log.warn(facts, 'A webhook’s receiver did not take an event; it is tried again')
}

/** 1 s, 2 s, 4 s … 10 min, each between three quarters and all of it: what failed together is not tried together. */
export function pauseAfter(failures: number, clock: Pick<Clock, 'random'>): Ms {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 20))
  return Math.round(longest * (0.75 + clock.random() / 4))
}
