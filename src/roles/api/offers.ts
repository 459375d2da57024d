import { z } from 'zod'
import {
  delegableRoles,
  findOffer,
  type Offer,
  OfferUnknown,
  offerScope,
  offers,
  readOffer,
  readOffers,
  readPrincipals,
  roleIdOf,
  roleNameOf,
  writeArm,
  writeYaml,
} from '../../identity/index.ts'
import { type Clock, newId, type ReadTx, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import { tenantAt, tenantId, tenantParams } from './tenants.ts'

const text = z.string().max(200)
export const grantShape = z.object({
  principalId: z.string(),
  principalName: z.string(),
  roleId: z.string(),
  role: z.string(),
  delegatedRoles: z.array(z.string()),
})
const shape = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  scope: offerScope,
  grants: z.array(grantShape),
  createdAt: z.int(),
})
const one = tenantParams.extend({ offer: z.string().max(200) })
const role = z.object({ id: z.string(), name: z.string(), description: z.string(), azureId: z.string() })

/** What a tenant offers to do for others; its document is what a customer uploads. */
export function offerRoutes({ store, clock }: { store: Store; clock: Clock }): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/delegable-roles',
      action: 'offer.roles',
      allow: 'signed-in',
      summary: 'The roles that can be offered to another tenant',
      answers: { 200: z.object({ roles: z.array(role) }) },
      run: async () => ({ roles: delegableRoles().map(one => ({ azureId: '', ...one })) }),
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/offers',
      action: 'delegation/read',
      allow: 'decided',
      summary: 'What a tenant offers, by name',
      params: tenantParams,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 200: z.object({ offers: z.array(shape) }) },
      run: async ({ params }) => ({
        offers: (await readOffers(store.read, await tenantId(store.read, params))).map(shown),
      }),
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/offers',
      action: 'delegation/write',
      allow: 'decided',
      summary: 'Make an offer; nothing is granted until a customer accepts its document',
      params: tenantParams,
      body: z.strictObject({
        name: text,
        description: z.string().max(1000).default(''),
        scope: offerScope.default({ kind: 'tenant' }),
        grants: z
          .array(z.strictObject({ principal: text, role: text, delegatedRoles: z.array(text).max(50).default([]) }))
          .min(1)
          .max(100),
      }),
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 201: shape },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const principals = await readPrincipals(store.read, owner)
        const authorizations = body.grants.map(({ principal, role, delegatedRoles }) => ({
          principalId: principals.find(one => one.name === principal)?.id ?? principal,
          principalName: principal,
          roleId: roleIdOf(role),
          delegatedRoleIds: delegatedRoles.map(roleIdOf),
        }))
        const { name, description, scope } = body
        const terms = { name, description, managingTenantId: owner, scope, authorizations }
        const input = { id: newId(clock, 'ofr'), terms, from: session().audit(owner) }
        const made = await store.write(offers.create, input)
        reply.code(201).header('location', `/api/v1/tenants/${owner}/offers/${made.id}`)
        return shown(made)
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/offers/:offer/document',
      action: 'delegation/read',
      allow: 'decided',
      summary: 'An offer as a file for the customer: an ARM template, or YAML',
      params: one,
      query: z.object({ form: z.enum(['arm', 'yaml']).default('arm') }),
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 200: z.object({ fileName: z.string(), document: z.string() }) },
      run: async ({ params, query }) => {
        const { terms } = await offerAt(store.read, params)
        const base = terms.name.replace(/[^\w.-]+/g, '-').slice(0, 60)
        return query.form === 'yaml'
          ? { fileName: `${base}.yaml`, document: writeYaml(terms) }
          : { fileName: `${base}.json`, document: `${JSON.stringify(writeArm(terms), null, 2)}\n` }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/offers/:offer',
      action: 'delegation/delete',
      allow: 'decided',
      summary: 'Withdraw an offer; what customers accepted of it stays until they revoke it',
      params: one,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 204: z.undefined() },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const { id } = await offerAt(store.read, params)
        await store.write(offers.delete, { tenantId: owner, id, from: session().audit(owner) })
        reply.code(204)
      },
    }),
  ]
}

/** By id or name. */
async function offerAt(db: ReadTx, params: z.output<typeof one>): Promise<Offer> {
  const owner = await tenantId(db, params)
  const found = (await readOffer(db, owner, params.offer)) ?? (await findOffer(db, owner, params.offer))
  if (!found) throw OfferUnknown(params.offer)
  return found
}

function shown({ id, terms, createdAt }: Offer): z.output<typeof shape> {
  const { name, description, scope } = terms
  return { id, name, description, scope, grants: shownGrants(terms), createdAt }
}

export function shownGrants({ authorizations }: Offer['terms']): z.output<typeof grantShape>[] {
  return authorizations.map(({ principalId, principalName, roleId, delegatedRoleIds }) => ({
    ...{ principalId, principalName, roleId },
    role: roleNameOf(roleId),
    delegatedRoles: delegatedRoleIds.map(roleNameOf),
  }))
}
