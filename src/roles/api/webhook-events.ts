import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import {
  type WebhookEvent,
  webhookEventList,
  webhookEventQuery,
  webhookEventShape,
  webhookRegionQuery,
  webhookSentShape,
} from '../../api/index.ts'
import { recordAlone } from '../../audit/index.ts'
import { scopeText } from '../../identity/index.ts'
import type { Config, Store } from '../../kernel/index.ts'
import type { Delivery } from '../../registry/index.ts'
import { askRegion } from '../ask-region.ts'
import { regionOf } from '../nodes.ts'
import { inItsRegistry, ownedRegistry } from './in-registry.ts'
import { type Route, type RouteRequest, route } from './route.ts'
import { oneWebhook, webhookAt } from './webhooks.ts'

const texts = z.record(z.string(), z.string())
/** As a region's node tells it. */
const told = z.object({
  service: z.string(),
  deliveries: z.array(
    webhookEventShape
      .omit({ eventRequestMessage: true, eventResponseMessage: true })
      .extend({ attemptedAt: z.int(), redeliveryOf: z.int(), content: z.string(), status: z.int() })
      .extend({ contentType: z.string(), requestHeaders: texts, responseHeaders: texts, responseBody: z.string() }),
  ),
})
const sent = z.object({ id: z.string(), number: z.int() })
const oneEvent = oneWebhook.extend({ event: z.coerce.number<number | string>().int().positive() })

type Parts = { config: Config; store: Store }
type Asked = RouteRequest<typeof oneWebhook, typeof webhookRegionQuery, undefined>

/** What regions send for a webhook: their logs, and more of it by hand. */
export function webhookEventRoutes({ config, store }: Parts): Route[] {
  /** Recorded before the region is asked: what it then sends is in its log. */
  async function ask({ params, query, session }: Pick<Asked, 'params' | 'query' | 'session'>, what: string, more = {}) {
    const hook = await webhookAt(store.read, params)
    const { tenantId, registryId } = await ownedRegistry(store.read, params)
    const region = regionOf(config, query)
    const { region: own, ...origin } = session().audit(tenantId)
    const resource = `${scopeText({ tenantId, kind: 'resource', nodeId: registryId })}/webhooks/${hook.name}`
    const detail = { asked: what, at: region, ...more }
    const entry = { ...origin, action: 'webhook/write', resource, result: 'done' as const, detail }
    await store.write(recordAlone, { region: own, entry })
    const path = `/internal/v1/webhooks/${what}?${new URLSearchParams({ hook: hook.id, ...more })}`
    return { ...sent.parse(await askRegion(config, region, path, { method: 'POST' })), region }
  }

  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/webhooks/:webhook/events',
      action: 'webhook/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'What one region sent for a webhook or is to send, the newest first, with requests and answers',
      params: oneWebhook,
      query: webhookEventQuery,
      answers: { 200: webhookEventList },
      run: async ({ params, query }) => {
        const hook = await webhookAt(store.read, params)
        const region = regionOf(config, query)
        const { state, before, limit } = query
        const asked = new URLSearchParams({ hook: hook.id, limit: String(limit) })
        if (state !== undefined) asked.set('state', state)
        if (before !== undefined) asked.set('before', String(before))
        const answer = told.parse(await askRegion(config, region, `/internal/v1/webhooks/events?${asked}`))
        const value = answer.deliveries.map(one => shown(one, answer.service))
        const last = value.at(-1)
        return { region, value, ...(value.length === limit && last ? { next: last.number } : {}) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/webhooks/:webhook/ping',
      action: 'webhook/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Send an event that says nothing, and try now what waits',
      params: oneWebhook,
      query: webhookRegionQuery,
      answers: { 200: webhookSentShape },
      run: request => ask(request, 'ping'),
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/webhooks/:webhook/events/:event/redeliver',
      action: 'webhook/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Send an event again, with the same id, behind what waits',
      params: oneEvent,
      query: webhookRegionQuery,
      answers: { 200: webhookSentShape },
      run: request => ask(request, 'redeliver', { number: String(request.params.event) }),
    }),
  ]
}

function shown(one: Delivery, requestUri: string): WebhookEvent {
  const { id, number, action, image, state, attempts, createdAt, error } = one
  const headers = one.attempts === 0 ? { 'content-type': one.contentType } : one.requestHeaders
  const content: unknown = JSON.parse(one.content)
  const answer = {
    ...{ content: one.responseBody, headers: one.responseHeaders, statusCode: String(one.status) },
    ...{ reasonPhrase: STATUS_CODES[one.status] ?? '', version: '1.1' as const },
  }
  return {
    ...{ id, number, action, image, state, attempts, createdAt, error },
    attemptedAt: one.attemptedAt || null,
    redeliveryOf: one.redeliveryOf || null,
    eventRequestMessage: { content, headers, method: 'POST', requestUri, version: '1.1' },
    eventResponseMessage: one.status === 0 ? null : answer,
  }
}
