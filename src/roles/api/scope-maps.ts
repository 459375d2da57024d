import { z } from 'zod'
import { nothing, scopeMapBody, scopeMapChange, scopeMapList, scopeMapShape } from '../../api/index.ts'
import { findScopeMap, readScopeMaps, ScopeMapUnknown } from '../../identity/index.ts'
import type { Store } from '../../kernel/index.ts'
import { scopeMapChanges } from '../token-changes.ts'
import { inItsRegistry, inRegistry, ownedRegistry, registryParams } from './in-registry.ts'
import { type Route, route } from './route.ts'

const one = registryParams.extend({ map: z.string().max(100) })

/** What tokens may do, under names of their own. */
export function scopeMapRoutes({ store }: { store: Store }): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/scope-maps',
      action: 'token/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'All scope maps of a registry: the system’s, then its own',
      params: registryParams,
      answers: { 200: scopeMapList },
      run: async ({ params }) => ({
        scopeMaps: await readScopeMaps(store.read, (await inRegistry(store.read, params)).id),
      }),
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/scope-maps/:map',
      action: 'token/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'One scope map',
      params: one,
      answers: { 200: scopeMapShape },
      run: async ({ params }) => {
        const { id } = await inRegistry(store.read, params)
        const found = await findScopeMap(store.read, id, params.map)
        if (!found) throw ScopeMapUnknown(params.map)
        return found
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/scope-maps',
      action: 'token/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Make a scope map; its repositories need not exist yet',
      params: registryParams,
      body: scopeMapBody,
      answers: { 201: scopeMapShape },
      run: async ({ params, body, reply, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const from = session().audit(tenantId)
        const made = await store.write(scopeMapChanges.create, { registryId, from, ...body })
        reply.code(201).header('location', `/api/v1/registries/${params.name}/scope-maps/${made.name}`)
        return made
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/registries/:name/scope-maps/:map',
      action: 'token/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Add and remove actions, or describe it anew; its tokens follow within seconds',
      params: one,
      body: scopeMapChange,
      answers: { 200: scopeMapShape },
      run: async ({ params, body, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const from = session().audit(tenantId)
        const changed = await store.write(scopeMapChanges.update, { registryId, from, name: params.map, ...body })
        return changed
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/scope-maps/:map',
      action: 'token/delete',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Delete a scope map that no token uses',
      params: one,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const from = session().audit(tenantId)
        await store.write(scopeMapChanges.delete, { registryId, from, name: params.map })
        reply.code(204)
      },
    }),
  ]
}
