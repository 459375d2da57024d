import { z } from 'zod'
import {
  delegationBody,
  delegationList,
  delegationQuery,
  delegationShape,
  nothing,
  reviewBody,
  reviewShape,
  type Delegation as Shown,
  serviceProviderList,
} from '../../api/index.ts'
import {
  type Delegation,
  DelegationUnknown,
  delegations,
  type OfferUpload,
  parseScope,
  prepareOffer,
  ReviewChanged,
  readDelegatedTo,
  readDelegation,
  readDelegations,
  readTenants,
  type Scope,
  ScopeMalformed,
} from '../../identity/index.ts'
import { type Clock, newId, type ReadTx, type Store } from '../../kernel/index.ts'
import { shownGrants } from './offers.ts'
import { type Route, route } from './route.ts'
import { nodeAt, tenantAt, tenantId, tenantParams } from './tenants.ts'

/** What a tenant lets others do in it: reviewed in words, accepted, listed, revoked. */
export function delegationRoutes({ store, clock }: { store: Store; clock: Clock }): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/delegations/review',
      action: 'delegation/write',
      allow: 'decided',
      summary: 'What an offer would grant, in words; changes nothing',
      params: tenantParams,
      body: reviewBody,
      on: ({ params, body }) => placeOf(store.read, params, body.scope),
      answers: { 200: reviewShape },
      run: async ({ params, body }) => {
        const found = await prepareOffer(store.read, await tenantId(store.read, params), uploadOf(body))
        const { digest, scope, managingTenant, sentences, terms } = found
        return {
          digest,
          scope,
          managingTenant,
          offer: terms.name,
          sentences: [...sentences],
          grants: shownGrants(terms),
        }
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/delegations',
      action: 'delegation/write',
      allow: 'decided',
      summary: 'Accept an offer, as it was reviewed under this digest',
      params: tenantParams,
      body: delegationBody,
      on: ({ params, body }) => placeOf(store.read, params, body.scope),
      answers: { 201: delegationShape },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const { digest, scope, condition, terms } = await prepareOffer(store.read, owner, uploadOf(body))
        if (digest !== body.digest) throw ReviewChanged()
        // It gives roles away: who may not assign them may not accept them for others.
        await session().demand({ action: 'access/assign', scope: parseScope(scope) })
        const id = newId(clock, 'dlg')
        const input = { tenantId: owner, id, scope, condition, terms, from: session().audit(owner) }
        const made = await store.write(delegations.accept, input)
        reply.code(201).header('location', `/api/v1/tenants/${owner}/delegations/${made.id}`)
        return shown(await tenantNames(store.read), made)
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/delegations',
      action: 'delegation/read',
      allow: 'decided',
      summary: 'Delegations of a tenant: `customer`, what others may do in it; `managing`, what it may do in others',
      params: tenantParams,
      query: delegationQuery,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 200: delegationList },
      run: async ({ params, query }) => {
        const owner = await tenantId(store.read, params)
        const read = query.side === 'customer' ? readDelegations : readDelegatedTo
        const names = await tenantNames(store.read)
        return { delegations: (await read(store.read, owner)).map(one => shown(names, one)) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/service-providers',
      action: 'delegation/read',
      allow: 'decided',
      summary: 'The tenants that may do something in this one',
      params: tenantParams,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 200: serviceProviderList },
      run: async ({ params }) => {
        const all = await readDelegations(store.read, await tenantId(store.read, params))
        const names = await tenantNames(store.read)
        const byTenant = Map.groupBy(all, one => one.managingTenantId)
        const serviceProviders = [...byTenant].map(([id, theirs]) => ({
          id,
          name: names.get(id) ?? '',
          delegations: theirs.map(one => one.id),
          since: Math.min(...theirs.map(one => one.acceptedAt)),
        }))
        return { serviceProviders }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/delegations/:delegation',
      action: 'delegation/delete',
      allow: 'decided',
      summary: 'Revoke a delegation, as its customer or as its managing tenant; the next request on it is refused',
      params: tenantParams.extend({ delegation: z.string().max(100) }),
      on: async ({ params }) => {
        const tenant = await tenantAt(store.read, params)
        const held = tenant && (await readDelegation(store.read, tenant.tenantId, params.delegation))
        if (held) return parseScope(held.scope)
        // Who may do something for others may stop doing it.
        return tenant && (await managedBy(store.read, tenant.tenantId, params.delegation)) ? tenant : undefined
      },
      missing: ({ params }) => DelegationUnknown(params.delegation),
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const managed = await managedBy(store.read, owner, params.delegation)
        const customer = managed?.tenantId ?? owner
        const input = { tenantId: customer, id: params.delegation, from: session().audit(customer) }
        await store.write(delegations.revoke, input)
        reply.code(204)
      },
    }),
  ]
}

function managedBy(db: ReadTx, tenantId: string, id: string): Promise<Delegation | undefined> {
  return readDelegatedTo(db, tenantId).then(all => all.find(one => one.id === id))
}

/** Where it shall hold, if the request says so; else the whole tenant: then only who may do it there may look. */
async function placeOf(db: ReadTx, params: { tenant: string }, text: string | undefined): Promise<Scope | undefined> {
  const tenant = await tenantAt(db, params)
  if (text === undefined || tenant === undefined) return tenant
  const scope = parseScope(text)
  if (scope.tenantId !== tenant.tenantId) throw ScopeMalformed(text)
  return nodeAt(db, params, scope.nodeId)
}

function uploadOf({ document, parameters, map, scope, condition }: z.output<typeof reviewBody>): OfferUpload {
  return { document, parameters, map, condition, ...(scope === undefined ? {} : { scope }) }
}

async function tenantNames(db: ReadTx): Promise<ReadonlyMap<string, string>> {
  return new Map((await readTenants(db)).map(({ id, name }) => [id, name]))
}

function shown(names: ReadonlyMap<string, string>, one: Delegation): Shown {
  const { id, tenantId, managingTenantId, scope, condition, terms, acceptedBy, acceptedAt } = one
  const tenant = (id: string) => ({ id, name: names.get(id) ?? '' })
  return {
    ...{ id, scope, condition, acceptedBy, acceptedAt },
    customer: tenant(tenantId),
    managingTenant: tenant(managingTenantId),
    offer: terms.name,
    description: terms.description,
    grants: shownGrants(terms),
  }
}
