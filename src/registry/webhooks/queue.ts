import { checkLease, failure, type Lease, type Ms, sql, type Tx, write } from '../../kernel/index.ts'
import type { Outcome } from './send.ts'

/** A hook's queue in the database. What comes beyond it is a dead letter at once. */
export const MOST_PENDING = 10_000
/** What is done stays visible: so many of each hook, delivered and dead apart. */
export const KEPT = 1_000

type Held = Pick<Lease, 'name' | 'fence'>
export type HookRef = { readonly registryId: string; readonly hookId: string }
export type NewDelivery = HookRef & {
  readonly repository: string
  readonly eventId: string
  readonly action: string
  readonly image: string
  readonly contentType: string
  readonly body: string
}

export const QUEUE_FULL = `WEBHOOK_QUEUE_FULL: ${MOST_PENDING} events waited already. Bring the receiver back, then redeliver`

const HookNotHeard = failure('WEBHOOK_NOT_HEARD', 503, () => ({
  says: 'This region has not begun to work for webhooks',
  next: 'Try again in some seconds; where it stays so, see towpath status',
}))

export const DeliveryUnknown = failure('WEBHOOK_EVENT_UNKNOWN', 404, (number: number) => ({
  says: `The webhook has no event of number ${number} in this region (any more)`,
  next: 'List them: towpath webhook list-events',
}))

/** Before the first event: where in the feed to begin. Nothing happens where it is known. */
const beginAt = write('webhooks.begin', async (tx, { region, sequence }: { region: string; sequence: number }) => {
  await tx.run(sql`insert into webhook_cursor (region_id, sequence, last_number)
    values (${region}, ${sequence}, 0) on conflict (region_id) do nothing`)
  return null
})

type Page = { region: string; lease: Held; from: number; to: number; rows: readonly NewDelivery[] }

/** A page of the feed as deliveries, and with them the place behind it: each entry counts once. */
const enqueue = write('webhooks.enqueue', async (tx, { region, lease, from, to, rows }: Page): Promise<null> => {
  await checkLease(tx, lease)
  const moved = await tx.run(sql`update webhook_cursor set sequence = ${to}
    where region_id = ${region} and sequence = ${from}`)
  // The same page again: the answer to the first attempt was lost.
  if (moved === 0) return null
  let number = await takeNumbers(tx, region, rows.length)
  const waiting = new Map<string, number>()
  for (const row of rows) {
    const count = waiting.get(row.hookId) ?? (await pendingOf(tx, row))
    waiting.set(row.hookId, count + 1)
    await insert(tx, row, { number: number++, full: count >= MOST_PENDING, redeliveryOf: 0 })
  }
  return null
})

/** One more, by hand; and what waits at the hook is tried now, since somebody looks. */
const addDelivery = write('webhooks.add', async (tx, { region, row }: { region: string; row: NewDelivery }) => {
  const number = await takeNumbers(tx, region, 1)
  await insert(tx, row, { number, full: (await pendingOf(tx, row)) >= MOST_PENDING, redeliveryOf: 0 })
  await tryNow(tx, row)
  return { number }
})

type Again = HookRef & { region: string; number: number }

/** The same event with the same id, behind what waits. */
const redeliver = write('webhooks.redeliver', async (tx, { region, number: of, ...hook }: Again) => {
  const { registryId, hookId } = hook
  const row = await tx.one<NewDelivery>(sql`select repository, event_id as "eventId", action, image,
      content_type as "contentType", body from webhook_delivery
    where registry_id = ${registryId} and hook_id = ${hookId} and number = ${of}`)
  if (!row) throw DeliveryUnknown(of)
  const number = await takeNumbers(tx, region, 1)
  const full = (await pendingOf(tx, hook)) >= MOST_PENDING
  await insert(tx, { ...row, ...hook }, { number, full, redeliveryOf: of })
  await tryNow(tx, hook)
  return { number, eventId: row.eventId }
})

type Tried = HookRef & {
  lease: Held
  repository: string
  number: number
  outcome: Outcome
  /** Where it failed: when to try again; 0 where it has been tried long enough. */
  retryAt: Ms
}

/** How an attempt went. A delivery that is over lets the next of its repository go first. */
const settle = write('webhooks.settle', async (tx, tried: Tried): Promise<null> => {
  const { lease, registryId, hookId, repository, number, outcome, retryAt } = tried
  await checkLease(tx, lease)
  const over = outcome.delivered || retryAt === 0
  const state = outcome.delivered ? 'delivered' : over ? 'dead' : 'pending'
  const changed = await tx.run(sql`update webhook_delivery set state = ${state}, attempts = attempts + 1,
      attempted_at = ${tx.clock.now()}, status = ${outcome.status}, request_headers = ${outcome.requestHeaders},
      response_headers = ${outcome.responseHeaders}, response_body = ${outcome.responseBody}, error = ${outcome.error}
    where registry_id = ${registryId} and hook_id = ${hookId} and number = ${number} and state = 'pending'`)
  if (changed === 0) return null
  const dueAt = over ? tx.clock.now() : retryAt
  const one = outcome.delivered ? 0 : 1
  // A dead one does not say that the receiver is back: the pause stays as long as it has become.
  await tx.run(sql`update webhook_lane set due_at = ${dueAt},
      failures = case when cast(${one} as bigint) = 0 then 0 else failures + 1 end
    where registry_id = ${registryId} and hook_id = ${hookId} and repository = ${repository}`)
  if (over) await dropEmptyLane(tx, tried)
  return null
})

type Postponed = HookRef & { repository: string; dueAt: Ms }

/** Not tried: its host is left alone for a while. */
const postpone = write('webhooks.postpone', async (tx, { registryId, hookId, repository, dueAt }: Postponed) => {
  await tx.run(sql`update webhook_lane set due_at = ${dueAt}
    where registry_id = ${registryId} and hook_id = ${hookId} and repository = ${repository}`)
  return null
})

/** The oldest of what is done goes; all of a hook that is there no more. */
const trim = write('webhooks.trim', async (tx, { registryId, hookId }: HookRef): Promise<null> => {
  for (const state of ['delivered', 'dead']) {
    const beyond = await tx.one<{ number: number }>(sql`select number from webhook_delivery
      where registry_id = ${registryId} and hook_id = ${hookId} and state = ${state}
      order by number desc limit 1 offset ${KEPT}`)
    if (!beyond) continue
    await tx.run(sql`delete from webhook_delivery where registry_id = ${registryId} and hook_id = ${hookId}
      and state = ${state} and number <= ${beyond.number}`)
  }
  return null
})

const forgetHook = write('webhooks.forget', async (tx, { registryId, hookId }: HookRef): Promise<null> => {
  await tx.run(sql`delete from webhook_lane where registry_id = ${registryId} and hook_id = ${hookId}`)
  await tx.run(sql`delete from webhook_delivery where registry_id = ${registryId} and hook_id = ${hookId}`)
  return null
})

/** Nobody listens any more: the next hook begins at the feed's end. */
const endCursor = write('webhooks.end', async (tx, region: string): Promise<null> => {
  await tx.run(sql`delete from webhook_cursor where region_id = ${region}`)
  return null
})

export const webhookWrites = [beginAt, enqueue, addDelivery, redeliver, settle, postpone, trim, forgetHook, endCursor]
export const webhookQueue = {
  beginAt,
  enqueue,
  add: addDelivery,
  redeliver,
  settle,
  postpone,
  trim,
  forgetHook,
  endCursor,
} as const

/** The first of `count` new numbers. One row, but one process writes it all day. */
async function takeNumbers(tx: Tx, region: string, count: number): Promise<number> {
  const row = await tx.one<{ last: number }>(sql`select last_number as last from webhook_cursor
    where region_id = ${region}`)
  if (!row) throw HookNotHeard()
  await tx.run(sql`update webhook_cursor set last_number = ${row.last + count} where region_id = ${region}`)
  return row.last + 1
}

type Extra = { number: number; full: boolean; redeliveryOf: number }

async function insert(tx: Tx, row: NewDelivery, { number, full, redeliveryOf }: Extra): Promise<void> {
  const { registryId, hookId, repository } = row
  const now = tx.clock.now()
  await tx.run(sql`insert into webhook_delivery (registry_id, hook_id, number, repository, event_id, action, image,
      content_type, body, created_at, redelivery_of, state, attempts, attempted_at, status, request_headers,
      response_headers, response_body, error)
    values (${registryId}, ${hookId}, ${number}, ${repository}, ${row.eventId}, ${row.action}, ${row.image},
      ${row.contentType}, ${row.body}, ${now}, ${redeliveryOf}, ${full ? 'dead' : 'pending'}, 0, 0, 0, '{}', '{}', '',
      ${full ? QUEUE_FULL : ''})`)
  if (full) return
  await tx.run(sql`insert into webhook_lane (registry_id, hook_id, repository, due_at, failures)
    values (${registryId}, ${hookId}, ${repository}, ${now}, 0)
    on conflict (registry_id, hook_id, repository) do nothing`)
}

async function pendingOf(tx: Tx, { registryId, hookId }: HookRef): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`select count(*) as count from webhook_delivery
    where registry_id = ${registryId} and hook_id = ${hookId} and state = 'pending'`)
  return row?.count ?? 0
}

async function tryNow(tx: Tx, { registryId, hookId }: HookRef): Promise<void> {
  await tx.run(sql`update webhook_lane set due_at = ${tx.clock.now()}
    where registry_id = ${registryId} and hook_id = ${hookId}`)
}

async function dropEmptyLane(tx: Tx, { registryId, hookId, repository }: HookRef & { repository: string }) {
  await tx.run(sql`delete from webhook_lane
    where registry_id = ${registryId} and hook_id = ${hookId} and repository = ${repository}
    and not exists (select 1 from webhook_delivery d where d.registry_id = ${registryId} and d.hook_id = ${hookId}
      and d.repository = ${repository} and d.state = 'pending')`)
}
