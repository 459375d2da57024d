import { z } from 'zod'
import { webhookEventQuery } from '../api/index.ts'
import type { Clock, Store } from '../kernel/index.ts'
import { pingWebhook, readDeliveries, type ServedWebhook, WebhookUnknown, webhookQueue } from '../registry/index.ts'
import type { NodeQuestions } from './node-questions.ts'

const one = z.object({ hook: z.string().max(70) })
const eventsQuery = webhookEventQuery.omit({ region: true }).extend(one.shape)
const redeliverQuery = one.extend({ number: z.coerce.number().int().positive() })

type Parts = { store: Store; clock: Clock; region: string; hooks: () => readonly ServedWebhook[] }

/** What a node answers of its region's webhooks; who asks was let through by control. */
export function createNodeWebhooks({ store, clock, region, hooks }: Parts): NodeQuestions {
  const find = (id: string): ServedWebhook => {
    const found = hooks().find(hook => hook.id === id)
    if (!found) throw WebhookUnknown(id)
    return found
  }
  return {
    async 'GET webhooks/events'({ query }) {
      const { hook, ...page } = eventsQuery.parse(query)
      const { registryId, service } = find(hook)
      const deliveries = await readDeliveries(store.read, { registryId, hookId: hook, ...page })
      return { service, deliveries }
    },
    async 'POST webhooks/ping'({ query }) {
      return pingWebhook({ store, clock, region }, find(one.parse(query).hook))
    },
    async 'POST webhooks/redeliver'({ query }) {
      const { hook, number } = redeliverQuery.parse(query)
      const { registryId } = find(hook)
      const again = await store.write(webhookQueue.redeliver, { region, registryId, hookId: hook, number })
      return { id: again.eventId, number: again.number }
    },
  }
}
