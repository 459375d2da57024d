import {
  certificateBody,
  certificateShape,
  federationBody,
  federationShape,
  idField,
  nothing,
} from '../../api/index.ts'
import { certificates, checkIssuer, readCertificate, trusts } from '../../identity/index.ts'
import { type Clock, newId, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import { tenantAt, tenantId, tenantParams } from './tenants.ts'

type Parts = { store: Store; clock: Clock; allow: readonly string[] }

const onOne = tenantParams.extend({ id: idField })

/** What programs sign in with that is no secret here: certificates of theirs, and the tokens of issuers. */
export function assertionRoutes({ store, clock, allow }: Parts): Route[] {
  const on = ({ params }: { params: { tenant: string } }) => tenantAt(store.read, params)
  return [
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/principals/:id/certificates',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Let a service principal or an agent sign in by the key of a certificate',
      params: onOne,
      body: certificateBody,
      on,
      answers: { 201: certificateShape },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const made = await store.write(certificates.add, {
          ...{ tenantId: owner, principalId: params.id, id: newId(clock, 'crt') },
          ...readCertificate(body.certificate, clock.now()),
          from: session().audit(owner),
        })
        reply.code(201)
        return made
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/principals/:id/certificates/:certificate',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Remove a certificate; what was signed in by it ends with the next request',
      params: onOne.extend({ certificate: idField }),
      on,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const which = { tenantId: owner, principalId: params.id, id: params.certificate }
        await store.write(certificates.remove, { ...which, from: session().audit(owner) })
        reply.code(204)
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/principals/:id/federations',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Let a service principal or an agent sign in by tokens of an issuer, for one audience and subject',
      params: onOne,
      body: federationBody,
      on,
      answers: { 201: federationShape },
      run: async ({ params, body, reply, session }) => {
        checkIssuer(body.issuer, allow)
        const owner = await tenantId(store.read, params)
        const trust = { tenantId: owner, principalId: params.id, id: newId(clock, 'fed'), ...body }
        const made = await store.write(trusts.add, { ...trust, from: session().audit(owner) })
        reply.code(201)
        return made
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/principals/:id/federations/:federation',
      action: 'principal/write',
      allow: 'decided',
      summary: 'Trust an issuer, audience and subject no more; what was signed in by it ends with the next request',
      params: onOne.extend({ federation: idField }),
      on,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const which = { tenantId: owner, principalId: params.id, id: params.federation }
        await store.write(trusts.remove, { ...which, from: session().audit(owner) })
        reply.code(204)
      },
    }),
  ]
}
