import { type Migration, type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import {
  type ServedWebhook,
  TooManyWebhooks,
  WEBHOOK_ACTIONS,
  type Webhook,
  WebhookChanged,
  type WebhookFormat,
  WebhookNameTaken,
  WebhookUnknown,
} from './webhook.ts'

/** Each is looked at for each event of its registry. */
const MOST_WEBHOOKS = 100

/** Of the control database. */
export const webhookConfigMigrations: readonly Migration[] = [
  {
    id: 'webhook-1',
    statements: [
      // sealed: URI, header values and key in one piece.
      `create table webhook (
        registry_id {text} not null, id {text} not null, name {text} not null, service {text} not null,
        scope {text} not null, actions {text} not null, format {text} not null, enabled {bigint} not null,
        header_names {text} not null, sealed {text} not null, key_set_at {bigint} not null,
        created_at {bigint} not null,
        primary key (registry_id, id)
      ){strict}`,
      'create unique index webhook_by_name on webhook (registry_id, name)',
    ],
  },
]

type Sealed = { readonly sealed: string }
type New = Omit<Webhook, 'keySetAt' | 'createdAt'> & Sealed

const createWebhook = write('webhooks.create', async (tx, hook: New): Promise<Webhook> => {
  const { registryId, id, name } = hook
  const held = await readWebhooks(tx, registryId)
  // The same id again: the answer to the first attempt was lost.
  const same = held.find(one => one.id === id)
  if (same) return same
  if (held.some(one => one.name === name)) throw WebhookNameTaken(name)
  if (held.length >= MOST_WEBHOOKS) throw TooManyWebhooks(MOST_WEBHOOKS)
  const now = tx.clock.now()
  await insert(tx, { ...hook, keySetAt: now, createdAt: now })
  return mustFind(tx, registryId, name)
})

type Change = { registryId: string; name: string } & Partial<
  Pick<Webhook, 'service' | 'scope' | 'actions' | 'format' | 'enabled' | 'headerNames'> & Sealed
> & { newKey?: boolean }

/** What is left out stays. `was`: what was sealed before, where the new text was made of it. */
const updateWebhook = write('webhooks.update', async (tx, input: Change & { was?: string }): Promise<Webhook> => {
  const { registryId, name, newKey = false, was, ...change } = input
  const held = await mustFind(tx, registryId, name)
  const sealed = await readSealedWebhook(tx, held)
  // Two people at once: what one of them has set must not come back by the other's.
  if (was !== undefined && was !== sealed) throw WebhookChanged(name)
  const next = { ...held, sealed, ...change }
  await tx.run(sql`delete from webhook where registry_id = ${registryId} and id = ${held.id}`)
  await insert(tx, { ...next, keySetAt: newKey ? tx.clock.now() : held.keySetAt })
  return mustFind(tx, registryId, name)
})

type Name = { registryId: string; name: string }

const deleteWebhook = write('webhooks.delete', async (tx, { registryId, name }: Name): Promise<null> => {
  const { id } = await mustFind(tx, registryId, name)
  await tx.run(sql`delete from webhook where registry_id = ${registryId} and id = ${id}`)
  return null
})

/** With its registry. */
const forgetRegistry = write('webhooks.forget-registry', async (tx, { registryId }: { registryId: string }) => {
  await tx.run(sql`delete from webhook where registry_id = ${registryId}`)
  return null
})

export const webhookConfigWrites = [createWebhook, updateWebhook, deleteWebhook, forgetRegistry]
export const webhookConfigs = {
  create: createWebhook,
  update: updateWebhook,
  delete: deleteWebhook,
  forgetRegistry,
} as const

async function insert(tx: Tx, hook: Webhook & Sealed): Promise<void> {
  const { registryId, id, name, service, scope, format, sealed, keySetAt, createdAt } = hook
  await tx.run(sql`insert into webhook (registry_id, id, name, service, scope, actions, format, enabled,
      header_names, sealed, key_set_at, created_at)
    values (${registryId}, ${id}, ${name}, ${service}, ${scope}, ${hook.actions.join(' ')}, ${format},
      ${hook.enabled ? 1 : 0}, ${hook.headerNames.join(' ')}, ${sealed}, ${keySetAt}, ${createdAt})`)
}

type WebhookRow = {
  registry_id: string
  id: string
  name: string
  service: string
  scope: string
  actions: string
  format: WebhookFormat
  enabled: number
  header_names: string
  key_set_at: number
  created_at: number
}

/** By name. */
export async function readWebhooks(db: ReadTx, registryId: string): Promise<Webhook[]> {
  const rows = await db.all<WebhookRow>(sql`select * from webhook where registry_id = ${registryId} order by name`)
  return rows.map(toWebhook)
}

export async function findWebhook(db: ReadTx, registryId: string, name: string): Promise<Webhook | undefined> {
  const row = await db.one<WebhookRow>(sql`select * from webhook
    where registry_id = ${registryId} and name = ${name}`)
  return row && toWebhook(row)
}

export async function readSealedWebhook(db: ReadTx, { registryId, id, name }: Webhook): Promise<string> {
  const row = await db.one<{ sealed: string }>(sql`select sealed from webhook
    where registry_id = ${registryId} and id = ${id}`)
  if (!row) throw WebhookUnknown(name)
  return row.sealed
}

/** All registries', as regions hear them. */
export async function readServedWebhooks(db: ReadTx): Promise<ServedWebhook[]> {
  const rows = await db.all<WebhookRow & { sealed: string; registry_name: string }>(sql`select w.*,
      r.name as registry_name from webhook w join registry r on r.id = w.registry_id order by w.registry_id, w.id`)
  return rows.map(row => {
    const { registryId, id, name, service, scope, actions, format, enabled } = toWebhook(row)
    const rest = { actions: [...actions], format, enabled, sealed: row.sealed }
    return { registryId, registryName: row.registry_name, id, name, service, scope, ...rest }
  })
}

type KeyAge = Pick<Webhook, 'registryId' | 'id' | 'name' | 'keySetAt'>

/** Of all registries, in the order of the key: for lists of their ages. */
export async function readWebhookKeyPage(
  db: ReadTx,
  { after, limit }: { after: Pick<Webhook, 'registryId' | 'id'>; limit: number },
): Promise<KeyAge[]> {
  const rows = await db.all<WebhookRow>(sql`select * from webhook
    where (registry_id, id) > (${after.registryId}, ${after.id}) order by registry_id, id limit ${limit}`)
  return rows.map(toWebhook)
}

async function mustFind(db: ReadTx, registryId: string, name: string): Promise<Webhook> {
  const held = await findWebhook(db, registryId, name)
  if (!held) throw WebhookUnknown(name)
  return held
}

function toWebhook(row: WebhookRow): Webhook {
  const actions = row.actions.split(' ')
  return {
    registryId: row.registry_id,
    id: row.id,
    name: row.name,
    service: row.service,
    scope: row.scope,
    actions: WEBHOOK_ACTIONS.filter(action => actions.includes(action)),
    format: row.format,
    enabled: row.enabled === 1,
    headerNames: row.header_names === '' ? [] : row.header_names.split(' '),
    keySetAt: row.key_set_at,
    createdAt: row.created_at,
  }
}
