import { z } from 'zod'
import { nothing, tenantBody, tenantList, tenantShape } from '../../api/index.ts'
import {
  findTenant,
  nodeScope,
  readNode,
  readTenant,
  readTenants,
  type Scope,
  type Tenant,
  tenantScope,
  tenants,
} from '../../identity/index.ts'
import { type Clock, newId, type ReadTx, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'

/** By id or by name. */
export const tenantParams = z.object({ tenant: z.string().max(100) })

type Parts = { store: Store; clock: Clock }

/** Who owns resources on this platform; each sees itself and those that gave it something to do. */
export function tenantRoutes({ store, clock }: Parts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/tenants',
      action: 'tenant/read',
      allow: 'signed-in',
      summary: 'The tenants that the caller may see, by name',
      answers: { 200: tenantList },
      run: async ({ session }) => {
        const found: Tenant[] = []
        for (const tenant of await readTenants(store.read)) {
          const own = tenant.id === session().principal.tenantId
          if (own || (await session().may('tenant/read', tenantScope(tenant.id)))) found.push(tenant)
        }
        return { tenants: found }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant',
      action: 'tenant/read',
      allow: 'decided',
      summary: 'One tenant',
      params: tenantParams,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 200: tenantShape },
      run: async ({ params }) => (await findTenant(store.read, params.tenant)) ?? readTenant(store.read, params.tenant),
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants',
      action: 'tenant.create',
      allow: 'admin',
      summary: 'Make a tenant; the administrators of the platform then say who owns it',
      body: tenantBody,
      answers: { 201: tenantShape },
      run: async ({ body, reply, session }) => {
        const id = newId(clock, 'ten')
        const made = await store.write(tenants.create, { id, name: body.name, from: session().audit(id) })
        reply.code(201).header('location', `/api/v1/tenants/${made.id}`)
        return made
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant',
      action: 'tenant/delete',
      allow: 'decided',
      summary: 'Delete a tenant that holds nothing any more, with its principals and roles',
      params: tenantParams,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const id = await tenantId(store.read, params)
        await store.write(tenants.delete, { id, from: session().audit(id) })
        reply.code(204)
      },
    }),
  ]
}

/** Undefined where it is not there; the guard answers as for what may not be seen. */
export async function tenantAt(db: ReadTx, { tenant }: { tenant: string }): Promise<Scope | undefined> {
  const found = (await readTenant(db, tenant)) ?? (await findTenant(db, tenant))
  return found && tenantScope(found.id)
}

/** Of a request that the guard let through. */
export async function tenantId(db: ReadTx, params: { tenant: string }): Promise<string> {
  const scope = await tenantAt(db, params)
  if (!scope) throw new Error(`The tenant ${params.tenant} went while it was asked for`)
  return scope.tenantId
}

/** The place of a node by its id, where the tenant has it. */
export async function nodeAt(db: ReadTx, params: { tenant: string }, id: string): Promise<Scope | undefined> {
  const tenant = await tenantAt(db, params)
  const node = tenant && (await readNode(db, tenant.tenantId, id))
  return node && nodeScope(node)
}
