import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Webhook, WebhookBody, WebhookChange, WebhookEvent } from '../../../src/api/index.ts'
import { call, path, query } from './call.ts'

type EventPage = { region: string; value: WebhookEvent[]; next?: number }
type Sent = { id: string; number: number; region: string }
export type EventFilter = { region: string | undefined; state: WebhookEvent['state'] | undefined }

const PAGE = 25
/** What waits is looked at again soon, what is over now and then: a region tells pages nothing by itself. */
const SOON_MS = 2_000
const LATER_MS = 15_000

const keyOf = (tenant: string, registry: string) => ['tenant', tenant, 'registries', registry, 'webhooks'] as const

export const webhooksQuery = (tenant: string, registry: string) =>
  queryOptions({
    queryKey: keyOf(tenant, registry),
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/registries/${registry}/webhooks`
      return (await call<{ webhooks: Webhook[] }>('GET', at, { signal })).webhooks
    },
  })

export const webhookQuery = (tenant: string, registry: string, name: string) =>
  queryOptions({
    queryKey: [...keyOf(tenant, registry), name],
    queryFn: ({ signal }) => call<Webhook>('GET', path`/api/v1/registries/${registry}/webhooks/${name}`, { signal }),
  })

export function makeWebhook(registry: string, body: WebhookBody): Promise<Webhook> {
  return call('POST', path`/api/v1/registries/${registry}/webhooks`, { body })
}

export function changeWebhook(registry: string, name: string, body: WebhookChange): Promise<Webhook> {
  return call('PATCH', path`/api/v1/registries/${registry}/webhooks/${name}`, { body })
}

export function deleteWebhook(registry: string, name: string): Promise<void> {
  return call('DELETE', path`/api/v1/registries/${registry}/webhooks/${name}`)
}

/** What one region sent, the newest first. */
export const webhookEventsQuery = (tenant: string, registry: string, name: string, filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(tenant, registry), name, 'events', filter],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before, signal }) => {
      const at = path`/api/v1/registries/${registry}/webhooks/${name}/events`
      return call<EventPage>('GET', at + query({ ...filter, limit: PAGE, before }), { signal })
    },
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(page => page.value.some(({ state }) => state === 'pending')) ? SOON_MS : LATER_MS,
  })

export function pingWebhook(registry: string, name: string, region: string | undefined): Promise<Sent> {
  return call('POST', path`/api/v1/registries/${registry}/webhooks/${name}/ping` + query({ region }))
}

export function redeliver(registry: string, name: string, number: number, region: string): Promise<Sent> {
  return call(
    'POST',
    path`/api/v1/registries/${registry}/webhooks/${name}/events/${String(number)}/redeliver` + query({ region }),
  )
}
