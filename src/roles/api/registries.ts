import { nothing, type Registry, registryBody, registryChange, registryList, registryShape } from '../../api/index.ts'
import { readNodeById } from '../../identity/index.ts'
import { type Clock, newId, type Store } from '../../kernel/index.ts'
import { type RegistryConfig, readRegistries, registryHosts } from '../../registry/index.ts'
import { registryChanges } from '../registry-changes.ts'
import { inItsRegistry, inRegistry, registryParams, registryScope } from './in-registry.ts'
import { type Route, route } from './route.ts'
import { tenantId as idOfTenant, nodeAt, tenantAt } from './tenants.ts'

/** The registries of the platform: their names, hosts and settings; what they hold is the regions'. */
export function registryRoutes({ store, clock }: { store: Store; clock: Clock }): Route[] {
  async function shown(config: RegistryConfig) {
    const { tenantId = '', parentId = '' } = (await readNodeById(store.read, config.id)) ?? {}
    return { ...config, hosts: [...config.hosts], tenantId, parentId }
  }

  return [
    route({
      method: 'GET',
      url: '/api/v1/registries',
      action: 'registry/read',
      allow: 'signed-in',
      summary: 'The registries that the caller may see, by name',
      answers: { 200: registryList },
      run: async ({ session }) => {
        const registries: Registry[] = []
        for (const config of await readRegistries(store.read)) {
          const scope = await registryScope(store.read, config)
          if (scope && (await session().may('registry/read', scope))) registries.push(await shown(config))
        }
        return { registries }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name',
      action: 'registry/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'One registry',
      params: registryParams,
      answers: { 200: registryShape },
      run: async ({ params }) => shown(await inRegistry(store.read, params)),
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries',
      action: 'registry/write',
      allow: 'decided',
      summary: 'Make a registry, in the caller’s tenant or another one, and there in a group',
      body: registryBody.extend({ hosts: registryHosts.default([]) }),
      on: ({ body, session }) => {
        const { tenant = session().principal.tenantId, groupId } = body
        return groupId === undefined ? tenantAt(store.read, { tenant }) : nodeAt(store.read, { tenant }, groupId)
      },
      answers: { 201: registryShape },
      run: async ({ body, reply, session }) => {
        const { tenant = session().principal.tenantId, groupId, ...rest } = body
        const tenantId = await idOfTenant(store.read, { tenant })
        const config = { id: newId(clock, 'reg'), ...rest }
        const place = { parentId: groupId ?? tenantId, from: session().audit(tenantId) }
        await store.write(registryChanges.create, { ...config, ...place })
        reply.code(201).header('location', `/api/v1/registries/${config.name}`)
        return shown(await inRegistry(store.read, config))
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/registries/:name',
      action: 'registry/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Change hosts or settings of a registry; what is left out stays',
      params: registryParams,
      body: registryChange.extend({ hosts: registryHosts.optional() }),
      answers: { 200: registryShape },
      run: async ({ params, body, session }) => {
        const { hosts, anonymousPull, tokenAudience, throttle } = body
        const change = {
          name: params.name,
          ...(hosts === undefined ? {} : { hosts }),
          ...(anonymousPull === undefined ? {} : { anonymousPull }),
          ...(tokenAudience === undefined ? {} : { tokenAudience }),
          ...(throttle === undefined ? {} : { throttle }),
        }
        const { tenantId } = await shown(await inRegistry(store.read, params))
        const changed = await store.write(registryChanges.update, { ...change, from: session().audit(tenantId) })
        return shown(changed)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name',
      action: 'registry/delete',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Delete a registry; what it holds can not be reached any more',
      params: registryParams,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const { name, tenantId } = await shown(await inRegistry(store.read, params))
        await store.write(registryChanges.delete, { name, from: session().audit(tenantId) })
        reply.code(204)
      },
    }),
  ]
}
