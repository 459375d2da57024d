import { z } from 'zod'
import { webhookEventQuery } from '../api/index.ts'
import type { Clock, Store } from '../kernel/index.ts'
import { pingWebhook, readDeliveries, type ServedWebhook, WebhookUnknown, webhookQueue } from '../registry/index.ts'

const one = z.object({ hook: z.string().max(70) })
const eventsQuery = webhookEventQuery.omit({ region: true }).extend(one.shape)
const redeliverQuery = one.extend({ number: z.coerce.number().int().positive() })

type Parts = { store: Store; clock: Clock; region: string; hooks: () => readonly ServedWebhook[] }

/** What a node answers of its region's webhooks; who asks was let through by control. Undefined where there is no such question. */
export type NodeWebhooks = (what: string, query: URLSearchParams) => Promise<unknown> | undefined

export function createNodeWebhooks({ store, clock, region, hooks }: Parts): NodeWebhooks {
  const find = (id: string): ServedWebhook => {
    const found = hooks().find(hook => hook.id === id)
    if (!found) throw WebhookUnknown(id)
    return found
  }
  const questions: Readonly<Record<string, (asked: Record<string, string>) => Promise<unknown>>> = {
    async 'GET webhooks/events'(asked) {
      const { hook, ...page } = eventsQuery.parse(asked)
      const { registryId, service } = find(hook)
      const deliveries = await readDeliveries(store.read, { registryId, hookId: hook, ...page })
      return { service, deliveries }
    },
    async 'POST webhooks/ping'(asked) {
      return pingWebhook({ store, clock, region }, find(one.parse(asked).hook))
    },
    async 'POST webhooks/redeliver'(asked) {
      const { hook, number } = redeliverQuery.parse(asked)
      const { registryId } = find(hook)
      const again = await store.write(webhookQueue.redeliver, { region, registryId, hookId: hook, number })
      return { id: again.eventId, number: again.number }
    },
  }
  return (what, query) => questions[what]?.(Object.fromEntries(query))
}
