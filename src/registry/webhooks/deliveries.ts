import { type Ms, type ReadTx, sql } from '../../kernel/index.ts'
import type { HookRef, NewDelivery } from './queue.ts'

/** A lane whose time has come. */
export type DueLane = HookRef & { readonly repository: string; readonly failures: number }
export type NextDelivery = Pick<NewDelivery, 'eventId' | 'contentType' | 'body'> & {
  readonly number: number
  readonly createdAt: Ms
}

/** Hooks with anything due. Lanes of receivers that are away are not due most of the time. */
export async function dueHooks(db: ReadTx, now: Ms): Promise<HookRef[]> {
  return await db.all<HookRef>(sql`select distinct registry_id as "registryId", hook_id as "hookId"
    from webhook_lane where due_at <= ${now}`)
}

export async function dueLanes(db: ReadTx, { registryId, hookId }: HookRef, now: Ms, limit: number) {
  return await db.all<DueLane>(sql`select registry_id as "registryId", hook_id as "hookId", repository, failures
    from webhook_lane where registry_id = ${registryId} and hook_id = ${hookId} and due_at <= ${now}
    order by due_at, repository limit ${limit}`)
}

/** The oldest that waits: the only one of its repository that may be sent. */
export async function nextDelivery(db: ReadTx, { registryId, hookId, repository }: DueLane) {
  return await db.one<NextDelivery>(sql`select number, event_id as "eventId", content_type as "contentType", body,
      created_at as "createdAt" from webhook_delivery
    where registry_id = ${registryId} and hook_id = ${hookId} and repository = ${repository} and state = 'pending'
    order by number limit 1`)
}

/** Hooks that have rows here. */
export async function heldHooks(db: ReadTx): Promise<HookRef[]> {
  return await db.all<HookRef>(sql`select distinct registry_id as "registryId", hook_id as "hookId"
    from webhook_delivery`)
}

export async function cursorOf(db: ReadTx, region: string): Promise<number | undefined> {
  const row = await db.one<{ sequence: number }>(sql`select sequence from webhook_cursor where region_id = ${region}`)
  return row?.sequence
}

const STATES = ['pending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof STATES)[number]

export type Delivery = {
  readonly number: number
  readonly id: string
  readonly action: string
  readonly image: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly createdAt: Ms
  /** 0 where it was not tried yet. */
  readonly attemptedAt: Ms
  readonly error: string
  /** 0 where it was nobody's wish. */
  readonly redeliveryOf: number
  readonly contentType: string
  readonly content: string
  /** 0 where there was no answer. */
  readonly status: number
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly responseBody: string
}

type Asked = HookRef & { state?: DeliveryState | undefined; before?: number | undefined; limit: number }
type LogRow = Omit<Delivery, 'requestHeaders' | 'responseHeaders'> & { request: string; response: string }

/** What a hook of this region was sent and is to be sent, the newest first. */
export async function readDeliveries(db: ReadTx, asked: Asked): Promise<Delivery[]> {
  const { registryId, hookId, state, before = Number.MAX_SAFE_INTEGER, limit } = asked
  const some = state === undefined ? STATES : [state]
  const rows: LogRow[] = []
  // One index range each: of one list of states neither engine would read in order.
  for (const one of some) rows.push(...(await readState(db, { registryId, hookId, state: one, before, limit })))
  const newest = rows.sort((a, b) => b.number - a.number).slice(0, limit)
  return newest.map(({ request, response, ...row }) => ({
    ...row,
    requestHeaders: JSON.parse(request) as Record<string, string>,
    responseHeaders: JSON.parse(response) as Record<string, string>,
  }))
}

async function readState(db: ReadTx, { registryId, hookId, state, before, limit }: Required<Asked>) {
  return await db.all<LogRow>(sql`select number, event_id as id, action, image, state, attempts,
      created_at as "createdAt", attempted_at as "attemptedAt", error, redelivery_of as "redeliveryOf",
      content_type as "contentType", body as content, status, request_headers as request,
      response_headers as response, response_body as "responseBody"
    from webhook_delivery where registry_id = ${registryId} and hook_id = ${hookId} and state = ${state ?? ''}
    and number < ${before ?? 0} order by number desc limit ${limit}`)
}
