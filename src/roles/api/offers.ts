import { z } from 'zod'
import {
  delegableRoleList,
  documentQuery,
  documentShape,
  type Grant,
  nothing,
  offerBody,
  offerList,
  offerShape,
  type Offer as Shown,
} from '../../api/index.ts'
import {
  delegableRoles,
  findOffer,
  type Offer,
  OfferUnknown,
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

const one = tenantParams.extend({ offer: z.string().max(200) })

/** What a tenant offers to do for others; its document is what a customer uploads. */
export function offerRoutes({ store, clock }: { store: Store; clock: Clock }): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/delegable-roles',
      action: 'offer.roles',
      allow: 'signed-in',
      summary: 'The roles that can be offered to another tenant',
      answers: { 200: delegableRoleList },
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
      answers: { 200: offerList },
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
      body: offerBody,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 201: offerShape },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const principals = await readPrincipals(store.read, owner)
        const authorizations = body.grants.map(({ principal, role, delegatedRoles }) => {
          const found = principals.find(one => one.name === principal) ?? principals.find(one => one.id === principal)
          return {
            principalId: found?.id ?? principal,
            principalName: found?.name ?? principal,
            roleId: roleIdOf(role),
            delegatedRoleIds: delegatedRoles.map(roleIdOf),
          }
        })
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
      query: documentQuery,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 200: documentShape },
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
      answers: { 204: nothing },
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

function shown({ id, terms, createdAt }: Offer): Shown {
  const { name, description, scope } = terms
  return { id, name, description, scope, grants: shownGrants(terms), createdAt }
}

export function shownGrants({ authorizations }: Offer['terms']): Grant[] {
  return authorizations.map(({ principalId, principalName, roleId, delegatedRoleIds }) => ({
    ...{ principalId, principalName, roleId },
    role: roleNameOf(roleId),
    delegatedRoles: delegatedRoleIds.map(roleNameOf),
  }))
}
