import {
  type AnyWrite,
  feedMigrations,
  feedWrites,
  leaseMigrations,
  leaseWrites,
  openFeed,
  takeLease,
} from '../../kernel/index.ts'
import type { TestEngine } from '../../kernel/store/engines.fixture.ts'
import { storeInVirtualTime } from '../../kernel/store/virtual-time.fixture.ts'
import { webhookWrites } from './queue.ts'
import { webhookConfigMigrations, webhookConfigWrites } from './rows.ts'
import { webhookMigrations } from './schema.ts'
import type { ServedWebhook } from './webhook.ts'

export const REGION = 'home'

export const hookNamed = (id: string, more: Partial<ServedWebhook> = {}): ServedWebhook => ({
  ...{ registryId: 'reg_1', registryName: 'default', id, name: id, service: 'https://hooks.example', scope: '' },
  ...{ actions: ['push', 'delete'], format: 'acr', enabled: true, sealed: 'sealed' },
  ...more,
})

/** A region's tables (and control's, for hooks as rows) in virtual time, and the lease that work goes by. */
export async function openWebhooks(engine: TestEngine, more: readonly AnyWrite[] = []) {
  const migrations = [...leaseMigrations, ...feedMigrations, ...webhookMigrations, ...webhookConfigMigrations]
  const writes = [...leaseWrites, ...feedWrites, ...webhookWrites, ...webhookConfigWrites, ...more]
  const { store, clock } = await storeInVirtualTime(engine, { migrations, writes })
  await store.write(openFeed, REGION)
  const lease = await store.write(takeLease, { name: `webhooks/${REGION}`, holder: 'test', ms: 3_600_000 })
  if (!lease) throw new Error('The lease is taken')
  return { store, clock, lease }
}
