import { z } from 'zod'
import {
  type Webhook as Described,
  nothing,
  webhookBody,
  webhookChange,
  webhookList,
  webhookShape,
} from '../../api/index.ts'
import { type Clock, newId, type ReadTx, type Store, type Vault } from '../../kernel/index.ts'
import {
  findWebhook,
  newWebhookKey,
  parseHeaders,
  parseScope,
  parseSecrets,
  parseServiceUri,
  readSealedWebhook,
  readWebhooks,
  type Webhook,
  WebhookUnknown,
  webhookContext,
} from '../../registry/index.ts'
import { webhookChanges } from '../webhook-changes.ts'
import { inItsRegistry, inRegistry, ownedRegistry, registryParams } from './in-registry.ts'
import { type Route, route } from './route.ts'

export const oneWebhook = registryParams.extend({ webhook: z.string().max(100) })

export async function webhookAt(db: ReadTx, params: { name: string; webhook: string }): Promise<Webhook> {
  const found = await findWebhook(db, (await inRegistry(db, params)).id, params.webhook)
  if (!found) throw WebhookUnknown(params.webhook)
  return found
}

type Parts = { store: Store; clock: Clock; vault: Vault; allow: readonly string[] }

/** Whom a registry tells what happens in it. */
export function webhookRoutes({ store, clock, vault, allow }: Parts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/webhooks',
      action: 'webhook/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'All webhooks of a registry, by name',
      params: registryParams,
      answers: { 200: webhookList },
      run: async ({ params }) => {
        const found = await readWebhooks(store.read, (await inRegistry(store.read, params)).id)
        return { webhooks: found.map(hook => shown(hook)) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/webhooks/:webhook',
      action: 'webhook/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'One webhook',
      params: oneWebhook,
      answers: { 200: webhookShape },
      run: async ({ params }) => shown(await webhookAt(store.read, params)),
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/webhooks',
      action: 'webhook/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Make a webhook; its key is shown this once',
      params: registryParams,
      body: webhookBody,
      answers: { 201: webhookShape },
      run: async ({ params, body, reply, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const { name, actions, format, serviceUri, customHeaders, status } = body
        const one = { registryId, id: newId(clock, 'whk') }
        const { origin: service } = parseServiceUri(serviceUri, allow)
        const headers = parseHeaders(customHeaders)
        const key = newWebhookKey(clock)
        const sealed = await vault.seal(JSON.stringify({ serviceUri, headers, key }), webhookContext(one))
        const made = await store.write(webhookChanges.create, {
          ...{ ...one, name, service, scope: parseScope(body.scope), actions, format, sealed },
          ...{ enabled: status === 'enabled', headerNames: Object.keys(headers), from: session().audit(tenantId) },
        })
        reply.code(201).header('location', `/api/v1/registries/${params.name}/webhooks/${made.name}`)
        return shown(made, key)
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/registries/:name/webhooks/:webhook',
      action: 'webhook/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Change a webhook; what is left out stays, and what waits goes where it leads now',
      params: oneWebhook,
      body: webhookChange,
      answers: { 200: webhookShape },
      run: async ({ params, body, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const { actions, format, status, scope } = body
        const held = await webhookAt(store.read, params)
        const anew = await sealedAnew(held, body)
        const change = {
          ...(actions === undefined ? {} : { actions }),
          ...(format === undefined ? {} : { format }),
          ...(status === undefined ? {} : { enabled: status === 'enabled' }),
          ...(scope === undefined ? {} : { scope: parseScope(scope) }),
          ...anew?.change,
        }
        const from = session().audit(tenantId)
        const changed = await store.write(webhookChanges.update, { registryId, name: held.name, ...change, from })
        return shown(changed, anew?.key)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/webhooks/:webhook',
      action: 'webhook/delete',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Delete a webhook, and in each region what waits and what was delivered',
      params: oneWebhook,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const from = session().audit(tenantId)
        await store.write(webhookChanges.delete, { registryId, name: params.webhook, from })
        reply.code(204)
      },
    }),
  ]

  /** URI, headers and key are one sealed piece: where one is another, all are opened and sealed again. */
  async function sealedAnew(held: Webhook, { serviceUri, customHeaders, newKey }: z.output<typeof webhookChange>) {
    if (serviceUri === undefined && customHeaders === undefined && !newKey) return undefined
    const was = await readSealedWebhook(store.read, held)
    const secrets = parseSecrets(await vault.open(was, webhookContext(held)))
    const headers = customHeaders === undefined ? secrets.headers : parseHeaders(customHeaders)
    const uri = serviceUri ?? secrets.serviceUri
    const { origin: service } = parseServiceUri(uri, allow)
    const key = newKey ? newWebhookKey(clock) : secrets.key
    const sealed = await vault.seal(JSON.stringify({ serviceUri: uri, headers, key }), webhookContext(held))
    const change = { service, headerNames: Object.keys(headers), sealed, was, newKey: newKey ?? false }
    return { change, ...(newKey ? { key } : {}) }
  }
}

function shown({ registryId: _r, enabled, actions, headerNames, ...hook }: Webhook, key?: string): Described {
  const status = enabled ? 'enabled' : 'disabled'
  const made = key === undefined ? {} : { key }
  return { ...hook, status, actions: [...actions], headerNames: [...headerNames], ...made }
}
