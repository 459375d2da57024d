import { type Clock, failure, newId, type Store } from '../../kernel/index.ts'
import { deliveryOf } from './collect.ts'
import { eventId } from './event.ts'
import { webhookQueue } from './queue.ts'
import type { ServedWebhook } from './webhook.ts'

const WebhookDisabled = failure('WEBHOOK_DISABLED', 409, (name: string) => ({
  says: `Webhook "${name}" is disabled, so nothing is sent`,
  next: `Enable it: towpath webhook update ${name} --status enabled`,
}))

type Parts = { store: Store; clock: Clock; region: string }

/** An event that says nothing but that it arrived; how that went is in the log, under the number. */
export async function pingWebhook({ store, clock, region }: Parts, hook: ServedWebhook) {
  if (!hook.enabled) throw WebhookDisabled(hook.name)
  const id = eventId(region, newId(clock, 'ping'), 0)
  const row = deliveryOf(region, hook, { id, action: 'ping', at: clock.now(), repository: '' })
  const { number } = await store.write(webhookQueue.add, { region, row })
  return { id, number }
}
