import type { Store } from '../../kernel/index.ts'
import { readWebhookKeyPage } from '../../registry/index.ts'
import type { SecretSource } from './source.ts'

/** By which receivers know that a request is ours, all registries'. */
export function webhookKeyAges(store: Store): SecretSource {
  return {
    name: 'webhook-key',
    async read(after, limit) {
      const [registryId = '', id = ''] = after.split('/')
      const page = await readWebhookKeyPage(store.read, { after: { registryId, id }, limit })
      return page.map(one => ({
        ...{ key: `${one.registryId}/${one.id}`, name: one.name },
        ...{ kind: 'webhook-key', tenantId: '', principalId: '', registryId: one.registryId },
        ...{ createdAt: one.keySetAt, expiresAt: null },
      }))
    },
  }
}
