import { z } from 'zod'
import {
  type Policy as Described,
  nothing,
  policyBody,
  policyChange,
  policyList,
  policyShape,
} from '../../api/index.ts'
import { type Clock, newId, type ReadTx, type Store } from '../../kernel/index.ts'
import { findPolicy, type Policy, PolicyUnknown, readPolicies } from '../../registry/index.ts'
import { policyChanges } from '../policy-changes.ts'
import { inItsRegistry, inRegistry, ownedRegistry, registryParams } from './in-registry.ts'
import { type Route, route } from './route.ts'

export const onePolicy = registryParams.extend({ policy: z.string().max(100) })

/** What a registry's content is held to. */
export function policyRoutes({ store, clock }: { store: Store; clock: Clock }): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/policies',
      action: 'policy/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'All policies of a registry, by name',
      params: registryParams,
      answers: { 200: policyList },
      run: async ({ params }) => {
        const found = await readPolicies(store.read, (await inRegistry(store.read, params)).id)
        return { policies: found.map(shown) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/policies/:policy',
      action: 'policy/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'One policy',
      params: onePolicy,
      answers: { 200: policyShape },
      run: async ({ params }) => shown(await policyAt(store.read, params)),
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/policies',
      action: 'policy/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Make a policy; its repositories need not exist yet, and regions follow within seconds',
      params: registryParams,
      body: policyBody,
      answers: { 201: policyShape },
      run: async ({ params, body, reply, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const { status, ...given } = body
        const made = await store.write(policyChanges.create, {
          ...{ registryId, id: newId(clock, 'pol'), ...given, enabled: status === 'enabled' },
          from: session().audit(tenantId),
        })
        reply.code(201).header('location', `/api/v1/registries/${params.name}/policies/${made.name}`)
        return shown(made)
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/registries/:name/policies/:policy',
      action: 'policy/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Change a policy; what is left out stays, also of its settings',
      params: onePolicy,
      body: policyChange,
      answers: { 200: policyShape },
      run: async ({ params, body, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const { repositories, status, settings } = body
        const changed = await store.write(policyChanges.update, {
          ...{ registryId, name: params.policy, from: session().audit(tenantId) },
          ...(repositories === undefined ? {} : { repositories }),
          ...(status === undefined ? {} : { enabled: status === 'enabled' }),
          ...(settings === undefined ? {} : { settings }),
        })
        return shown(changed)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/policies/:policy',
      action: 'policy/delete',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Delete a policy; what it deleted stays deleted',
      params: onePolicy,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const from = session().audit(tenantId)
        await store.write(policyChanges.delete, { registryId, name: params.policy, from })
        reply.code(204)
      },
    }),
  ]
}

export async function policyAt(db: ReadTx, params: { name: string; policy: string }): Promise<Policy> {
  const found = await findPolicy(db, (await inRegistry(db, params)).id, params.policy)
  if (!found) throw PolicyUnknown(params.policy)
  return found
}

function shown({ registryId: _, enabled, ...policy }: Policy): Described {
  return { ...policy, status: enabled ? 'enabled' : 'disabled' }
}
