import {
  idField,
  newSecretShape,
  nothing,
  principalBody,
  principalChange,
  principalList,
  principalShape,
  secretBody,
  wholePrincipalShape,
} from '../../api/index.ts'
import {
  members,
  newSecret,
  PrincipalUnknown,
  principals,
  readCertificates,
  readMembers,
  readPrincipal,
  readPrincipals,
  readSecrets,
  readTrusts,
  serviceSecrets,
} from '../../identity/index.ts'
import { type Clock, newId, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import { tenantAt, tenantId, tenantParams } from './tenants.ts'

const onOne = tenantParams.extend({ id: idField })

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
      answers: { 200: principalList },
      run: async ({ params }) => ({
        principals: await readPrincipals(store.read, await tenantId(store.read, params)),
      }),
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/principals/:id',
      action: 'principal/read',
      allow: 'decided',
      summary: 'One principal, with its members and what it signs in with',
      params: onOne,
      on,
      answers: { 200: wholePrincipalShape },
      run: async ({ params }) => {
        const owner = await tenantId(store.read, params)
        const found = await readPrincipal(store.read, owner, params.id)
        if (!found) throw PrincipalUnknown(params.id)
        return {
          ...found,
          members: await readMembers(store.read, owner, params.id),
          secrets: await readSecrets(store.read, owner, params.id),
          certificates: await readCertificates(store.read, owner, params.id),
          federations: await readTrusts(store.read, owner, params.id),
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
      body: principalBody,
      on,
      answers: { 201: principalShape },
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
      body: principalChange,
      on,
      answers: { 200: principalShape },
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
      answers: { 204: nothing },
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
      params: onOne.extend({ member: idField }),
      on,
      answers: { 204: nothing },
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
      params: onOne.extend({ member: idField }),
      on,
      answers: { 204: nothing },
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
      body: secretBody,
      on,
      answers: {
        201: newSecretShape,
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
      params: onOne.extend({ secret: idField }),
      on,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const which = { tenantId: owner, principalId: params.id, id: params.secret }
        await store.write(serviceSecrets.remove, { ...which, from: session().audit(owner) })
        reply.code(204)
      },
    }),
  ]
}
