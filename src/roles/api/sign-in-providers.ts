import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  type SignInProvider as Described,
  nothing,
  signInProviderBody,
  signInProviderChange,
  signInProviderList,
  signInProviderShape,
} from '../../api/index.ts'
import {
  checkIssuer,
  findProvider,
  ProviderUnknown,
  readProviders,
  type SignInProvider,
  secretContext,
  signInProviders,
} from '../../identity/index.ts'
import { type Clock, newId, type Store, type Vault } from '../../kernel/index.ts'
import { redirectUri } from './oidc.ts'
import { type Route, route } from './route.ts'
import { tenantAt, tenantId, tenantParams } from './tenants.ts'

const onOne = tenantParams.extend({ name: z.string().max(100) })

type Parts = { store: Store; clock: Clock; vault: Vault; origins: readonly string[]; allow: readonly string[] }

/** Who vouches for the people of a tenant. */
export function signInProviderRoutes({ store, clock, vault, origins, allow }: Parts): Route[] {
  const on = ({ params }: { params: { tenant: string } }) => tenantAt(store.read, params)

  const shown = (provider: SignInProvider, raw: FastifyRequest): Described => {
    const { tenantId: _owner, ...rest } = provider
    return {
      ...rest,
      scopes: [...rest.scopes],
      groups: [...rest.groups],
      redirectUri: redirectUri(origins, raw, provider),
    }
  }

  return [
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/sign-in-providers',
      action: 'sign-in-provider/read',
      allow: 'decided',
      summary: 'By which providers the people of a tenant sign in, by name',
      params: tenantParams,
      on,
      answers: { 200: signInProviderList },
      run: async ({ params, raw }) => {
        const found = await readProviders(store.read, await tenantId(store.read, params))
        return { providers: found.map(one => shown(one, raw)) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/sign-in-providers/:name',
      action: 'sign-in-provider/read',
      allow: 'decided',
      summary: 'One sign-in provider',
      params: onOne,
      on,
      answers: { 200: signInProviderShape },
      run: async ({ params, raw }) => {
        const found = await findProvider(store.read, await tenantId(store.read, params), params.name)
        if (!found) throw ProviderUnknown(params.name)
        return shown(found, raw)
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/sign-in-providers',
      action: 'sign-in-provider/write',
      allow: 'decided',
      summary: 'Let people sign in by an OpenID provider; its client secret is sealed and never told',
      params: tenantParams,
      body: signInProviderBody,
      on,
      answers: { 201: signInProviderShape },
      run: async ({ params, body, raw, reply, session }) => {
        checkIssuer(body.issuer, allow)
        const owner = await tenantId(store.read, params)
        const { clientSecret, ...rest } = body
        const one = { tenantId: owner, id: newId(clock, 'sip') }
        const sealedSecret = await vault.seal(clientSecret, secretContext(one))
        const input = { provider: { ...one, ...rest, sealedSecret }, from: session().audit(owner) }
        const made = await store.write(signInProviders.create, input)
        reply.code(201)
        return shown(made, raw)
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/tenants/:tenant/sign-in-providers/:name',
      action: 'sign-in-provider/write',
      allow: 'decided',
      summary: 'Change it; what is left out stays',
      params: onOne,
      body: signInProviderChange,
      on,
      answers: { 200: signInProviderShape },
      run: async ({ params, body, raw, session }) => {
        const owner = await tenantId(store.read, params)
        const held = await findProvider(store.read, owner, params.name)
        if (!held) throw ProviderUnknown(params.name)
        const { title, clientSecret, scopes, groupsClaim, provisioning, invitedBy, groups } = body
        const change = {
          ...(title === undefined ? {} : { title }),
          ...(clientSecret === undefined ? {} : { sealedSecret: await vault.seal(clientSecret, secretContext(held)) }),
          ...(scopes === undefined ? {} : { scopes }),
          ...(groupsClaim === undefined ? {} : { groupsClaim }),
          ...(provisioning === undefined ? {} : { provisioning }),
          ...(invitedBy === undefined ? {} : { invitedBy }),
          ...(groups === undefined ? {} : { groups }),
        }
        const input = { tenantId: owner, name: params.name, change, from: session().audit(owner) }
        return shown(await store.write(signInProviders.change, input), raw)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/sign-in-providers/:name',
      action: 'sign-in-provider/delete',
      allow: 'decided',
      summary: 'Delete it: whom it signed in is out, and memberships that came from it go; the users stay',
      params: onOne,
      on,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const input = { tenantId: owner, name: params.name, from: session().audit(owner) }
        await store.write(signInProviders.delete, input)
        reply.code(204)
      },
    }),
  ]
}
