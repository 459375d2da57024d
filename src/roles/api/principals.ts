import { z } from 'zod'
import {
  members,
  newSecret,
  PrincipalUnknown,
  principals,
  readMembers,
  readPrincipal,
  readPrincipals,
  readSecrets,
  serviceSecrets,
} from '../../identity/index.ts'
import { type Clock, newId, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import { tenantAt, tenantId, tenantParams } from './tenants.ts'

const id = z.string().max(70)
const kind = z.enum(['user', 'group', 'service', 'managed', 'agent'])
const shape = z.object({
  id: z.string(),
  kind,
  name: z.string(),
  enabled: z.boolean(),
  ownerId: z.string(),
  resourceId: z.string(),
  createdAt: z.int(),
})
const whole = shape.extend({
  /** Of a group: the ids of who is in it. */
  members: z.array(z.string()),
  secrets: z.array(z.object({ id: z.string(), createdAt: z.int(), expiresAt: z.int() })),
})
const onOne = tenantParams.extend({ id })
const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'no control characters')
  .refine(text => text === text.trim(), 'no spaces around it')

const DAY_MS = 86_400_000

/** Who there is in a tenant: users, groups, programs, agents. */
export function principalRoutes({ store, clock }: { store: Store; clock: Clock }): Route[] {
  const on = ({ params }: { params: { tenant: string } }) => tenantAt(store.read, params)
  return [
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/principals',
      action: 'principal/read',
      allow: 'decided',
      summary: 'All principals of a tenant, by name',
      params: tenantParams,
      on,
      answers: { 200: z.object({ principals: z.array(shape) }) },
      run: async ({ params }) => ({
        principals: await readPrincipals(store.read, await tenantId(store.read, params)),
      }),
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/principals/:id',
      action: 'principal/read',
      allow: 'decided',
      summary: 'One principal, with its members and the age of its secrets',
      params: onOne,
      on,
      answers: { 200: whole },
      run: async ({ params }) => {
        const owner = await tenantId(store.read, params)
        const found = await readPrincipal(store.read, owner, params.id)
        if (!found) throw PrincipalUnknown(params.id)
        return {
          ...found,
          members: await readMembers(store.read, owner, params.id),
          secrets: await readSecrets(store.read, owner, params.id),
        }
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/principals',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Make a principal; an agent needs an owner, a managed identity the resource that it belongs to',
      params: tenantParams,
      body: z.strictObject({ kind, name, ownerId: id.default(''), resourceId: id.default('') }),
      on,
      answers: { 201: shape },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const principal = { tenantId: owner, id: newId(clock, 'prn'), ...body }
        const made = await store.write(principals.create, { principal, from: session().audit(owner) })
        reply.code(201)
        return made
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/tenants/:tenant/principals/:id',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Disable or enable a principal; disabled, it may do nothing from the next request on',
      params: onOne,
      body: z.strictObject({ enabled: z.boolean() }),
      on,
      answers: { 200: shape },
      run: async ({ params, body, session }) => {
        const owner = await tenantId(store.read, params)
        const input = { tenantId: owner, id: params.id, enabled: body.enabled, from: session().audit(owner) }
        return store.write(principals.enable, input)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/principals/:id',
      action: 'principal/delete',
      allow: 'decided',
      summary: 'Delete a principal, with its secrets, memberships and assignments',
      params: onOne,
      on,
      answers: { 204: z.undefined() },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        await store.write(principals.delete, { tenantId: owner, id: params.id, from: session().audit(owner) })
        reply.code(204)
      },
    }),
    route({
      method: 'PUT',
      url: '/api/v1/tenants/:tenant/principals/:id/members/:member',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Put a principal into a group',
      params: onOne.extend({ member: id }),
      on,
      answers: { 204: z.undefined() },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const pair = { tenantId: owner, groupId: params.id, memberId: params.member }
        await store.write(members.add, { ...pair, from: session().audit(owner) })
        reply.code(204)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/principals/:id/members/:member',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Take a principal out of a group',
      params: onOne.extend({ member: id }),
      on,
      answers: { 204: z.undefined() },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const pair = { tenantId: owner, groupId: params.id, memberId: params.member }
        await store.write(members.remove, { ...pair, from: session().audit(owner) })
        reply.code(204)
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/principals/:id/secrets',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Make a secret for a service principal or an agent; it is shown this once',
      params: onOne,
      body: z.strictObject({ days: z.int().min(1).max(730).default(90) }).nullish(),
      on,
      answers: {
        201: z.object({ id: z.string(), clientId: z.string(), secret: z.string(), expiresAt: z.int() }),
      },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        // Before the derivation, which costs 60 ms.
        if (!(await readPrincipal(store.read, owner, params.id))) throw PrincipalUnknown(params.id)
        const { secret, hash } = await newSecret(clock)
        const expiresAt = clock.now() + (body?.days ?? 90) * DAY_MS
        const made = await store.write(serviceSecrets.add, {
          ...{ tenantId: owner, principalId: params.id, id: newId(clock, 'sec'), hash, expiresAt },
          from: session().audit(owner),
        })
        reply.code(201)
        return { id: made.id, clientId: params.id, secret, expiresAt }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/principals/:id/secrets/:secret',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Delete a secret; it is refused from the next request on',
      params: onOne.extend({ secret: id }),
      on,
      answers: { 204: z.undefined() },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const which = { tenantId: owner, principalId: params.id, id: params.secret }
        await store.write(serviceSecrets.remove, { ...which, from: session().audit(owner) })
        reply.code(204)
      },
    }),
  ]
}
