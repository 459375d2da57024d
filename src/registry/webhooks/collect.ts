import {
  type Clock,
  type Cursor,
  CursorPruned,
  Failure,
  type FeedEntry,
  firstCursor,
  type Lease,
  type Log,
  lastCursor,
  type Ms,
  readFeed,
  type Store,
} from '../../kernel/index.ts'
import { cursorOf } from './deliveries.ts'
import { eventsOf, type RepositoryEvent } from './event.ts'
import { type NewDelivery, webhookQueue } from './queue.ts'
import { imageOf, render } from './render.ts'
import { isInScope } from './settings.ts'
import type { ServedWebhook } from './webhook.ts'

const PAUSE_MS = 200
/** Rows of one transaction, about: pushes wait for it. */
const MOST_ROWS = 500
const MOST_ENTRIES = 200
/** The place in the feed is written down this often where there is nothing else to write. */
const KEEP_MS = 10_000

type Parts = {
  store: Store
  clock: Clock
  log: Log
  region: string
  lease: Lease
  hooks: () => readonly ServedWebhook[]
  /** Called where there is something new to send. */
  ring: () => void
}

/** Follows the region's feed and puts what each hook is to hear of into its queue, until the signal. */
export async function collectEvents(parts: Parts, signal: AbortSignal): Promise<void> {
  const { store, clock, region, lease, hooks, ring } = parts
  let at = await startAt(parts)
  let kept = at.sequence
  let keepAt: Ms = clock.monotonic() + KEEP_MS
  while (!signal.aborted) {
    const served = hooks()
    const limit = Math.max(1, Math.min(MOST_ENTRIES, Math.floor(MOST_ROWS / Math.max(1, served.length))))
    const page = await readOn(parts, at, limit)
    const to = page.cursor.sequence
    const rows = page.entries.flatMap(entry => deliveriesOf(region, entry, served))
    if (rows.length > 0 || (to !== kept && clock.monotonic() >= keepAt)) {
      await store.write(webhookQueue.enqueue, { region, lease, from: kept, to, rows })
      kept = to
      keepAt = clock.monotonic() + KEEP_MS
      if (rows.length > 0) ring()
    }
    at = page.cursor
    if (page.entries.length < limit) await clock.sleep(PAUSE_MS, signal).catch(() => {})
  }
}

/**
 * Where it went on to; a region's first hook hears of what comes after it. The place is a row of the same database as
 * the feed, so it fits whatever backup was restored: of the cursor only the feed's incarnation is another.
 */
async function startAt({ store, region }: Parts): Promise<Cursor> {
  const held = await cursorOf(store.read, region)
  const last = await lastCursor(store, region)
  if (held !== undefined) return { ...last, sequence: held }
  await store.write(webhookQueue.beginAt, { region, sequence: last.sequence })
  return last
}

async function readOn({ store, region, log }: Parts, cursor: Cursor, limit: number) {
  try {
    return await readFeed(store, cursor, limit)
  } catch (error) {
    if (!(error instanceof Failure && error.is(CursorPruned))) throw error
    log.error({ err: error }, 'Webhooks miss events: the feed was pruned before they were read')
    return readFeed(store, await firstCursor(store, region), limit)
  }
}

export function deliveriesOf(region: string, entry: FeedEntry, hooks: readonly ServedWebhook[]): NewDelivery[] {
  const listening = hooks.filter(hook => hook.enabled && hook.registryId === entry.registryId)
  if (listening.length === 0) return []
  return eventsOf(region, entry).flatMap(event =>
    listening.filter(hook => wants(hook, event)).map(hook => deliveryOf(region, hook, event)),
  )
}

function wants({ actions, scope }: ServedWebhook, { action, repository, tag }: RepositoryEvent): boolean {
  return actions.some(one => one === action) && isInScope(scope, repository, tag)
}

/** Written as it is sent, so that the log shows what was sent, and a second attempt sends the same. */
export function deliveryOf(region: string, hook: ServedWebhook, event: RepositoryEvent): NewDelivery {
  const { registryId, id: hookId, registryName } = hook
  const { contentType, text } = render(hook.format, event, { registryName, region })
  const named = { eventId: event.id, action: event.action, image: imageOf(event) }
  return { registryId, hookId, repository: event.repository, ...named, contentType, body: text }
}
