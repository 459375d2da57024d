import { z } from 'zod'
import {
  nothing,
  type PasswordName,
  passwordBody,
  passwordName,
  type Token,
  tokenBody,
  tokenChange,
  tokenList,
  tokenShape,
} from '../../api/index.ts'
import { findToken, newTokenPassword, type RegistryToken, readTokens, TokenUnknown } from '../../identity/index.ts'
import { type Clock, failure, newId, type Store } from '../../kernel/index.ts'
import { tokenChanges } from '../token-changes.ts'
import { inItsRegistry, inRegistry, ownedRegistry, registryParams } from './in-registry.ts'
import { type Route, route } from './route.ts'

const one = registryParams.extend({ token: z.string().max(100) })

const ExpiryPassed = failure('TOKEN_EXPIRY_PASSED', 400, (now: number) => ({
  says: 'The password would have expired already',
  next: `Give a time later than now, in milliseconds since 1970: it is ${now}`,
}))

type Parts = { store: Store; clock: Clock }

/** Names for programs to sign in by, each with two passwords and a scope map. */
export function tokenRoutes({ store, clock }: Parts): Route[] {
  async function made(slot: 1 | 2, expires: number | null) {
    if (expires !== null && expires <= clock.now()) throw ExpiryPassed(clock.now())
    return { slot, expiresAt: expires, ...(await newTokenPassword(clock)) }
  }
  return [
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/tokens',
      action: 'token/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'All tokens of a registry, by name',
      params: registryParams,
      answers: { 200: tokenList },
      run: async ({ params }) => {
        const found = await readTokens(store.read, (await inRegistry(store.read, params)).id)
        return { tokens: found.map(held => shown(held)) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/registries/:name/tokens/:token',
      action: 'token/read',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'One token',
      params: one,
      answers: { 200: tokenShape },
      run: async ({ params }) => {
        const { id } = await inRegistry(store.read, params)
        const found = await findToken(store.read, id, params.token)
        if (!found) throw TokenUnknown(params.token)
        return shown(found)
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/tokens',
      action: 'token/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Make a token, with both passwords or none; they are shown this once',
      params: registryParams,
      body: tokenBody,
      answers: { 201: tokenShape },
      run: async ({ params, body, reply, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const passwords = body.passwords ? [await made(1, body.expiresAt), await made(2, body.expiresAt)] : []
        const created = await store.write(tokenChanges.create, {
          ...{ registryId, from: session().audit(tenantId) },
          id: newId(clock, 'tok'),
          name: body.name,
          enabled: body.status === 'enabled',
          scopeMap: body.scopeMap === undefined ? { actions: body.actions ?? [] } : { name: body.scopeMap },
          passwords: passwords.map(({ slot, hash, expiresAt }) => ({ slot, hash, expiresAt })),
        })
        reply.code(201).header('location', `/api/v1/registries/${params.name}/tokens/${created.name}`)
        return shown(created, passwords)
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/v1/registries/:name/tokens/:token',
      action: 'token/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Give it another scope map, disable or enable it; what is left out stays',
      params: one,
      body: tokenChange,
      answers: { 200: tokenShape },
      run: async ({ params, body, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const changed = await store.write(tokenChanges.update, {
          ...{ registryId, from: session().audit(tenantId) },
          name: params.token,
          scopeMap: body.scopeMap,
          enabled: body.status === undefined ? undefined : body.status === 'enabled',
        })
        return shown(changed)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/tokens/:token',
      action: 'token/delete',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Delete a token; its scope map stays',
      params: one,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const from = session().audit(tenantId)
        await store.write(tokenChanges.delete, { registryId, name: params.token, from })
        reply.code(204)
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/registries/:name/tokens/:token/passwords/:password',
      action: 'token/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Make or replace one password, shown this once; the other keeps working',
      params: one.extend({ password: passwordName }),
      body: passwordBody,
      answers: { 200: tokenShape },
      run: async ({ params, body, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const one = await made(slotOf(params.password), body.expiresAt)
        const { slot, hash, expiresAt } = one
        const changed = await store.write(tokenChanges.setPassword, {
          ...{ registryId, from: session().audit(tenantId) },
          name: params.token,
          slot,
          hash,
          expiresAt,
        })
        return shown(changed, [one])
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/registries/:name/tokens/:token/passwords/:password',
      action: 'token/write',
      allow: 'decided',
      ...inItsRegistry(store.read),
      summary: 'Take one password away; the other keeps working',
      params: one.extend({ password: passwordName }),
      answers: { 200: tokenShape },
      run: async ({ params, session }) => {
        const { registryId, tenantId } = await ownedRegistry(store.read, params)
        const slot = slotOf(params.password)
        const from = session().audit(tenantId)
        const changed = await store.write(tokenChanges.dropPassword, { registryId, name: params.token, slot, from })
        return shown(changed)
      },
    }),
  ]
}

function slotOf(name: PasswordName): 1 | 2 {
  return name === 'password1' ? 1 : 2
}

/** Hashes stay inside. */
function shown(held: RegistryToken, made: readonly { slot: 1 | 2; password: string }[] = []): Token {
  const { id, name, scopeMap, enabled, createdAt, passwords } = held
  return {
    id,
    name,
    scopeMap,
    status: enabled ? 'enabled' : 'disabled',
    createdAt,
    passwords: passwords.map(({ slot, changedAt, expiresAt }) => {
      const value = made.find(one => one.slot === slot)?.password
      return { name: `password${slot}`, createdAt: changedAt, expiresAt, ...(value === undefined ? {} : { value }) }
    }),
  }
}
