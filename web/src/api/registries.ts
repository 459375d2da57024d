import { queryOptions } from '@tanstack/react-query'
import type {
  PasswordName,
  Registry,
  RegistryBody,
  RegistryChange,
  ScopeMap,
  ScopeMapBody,
  ScopeMapChange,
  Token,
  TokenBody,
  TokenChange,
} from '../../../src/api/index.ts'
import { call, path } from './call.ts'

async function readAll(signal: AbortSignal): Promise<Registry[]> {
  return (await call<{ registries: Registry[] }>('GET', '/api/v1/registries', { signal })).registries
}

/** Of all tenants, as far as one may see them. */
export const allRegistriesQuery = queryOptions({
  queryKey: ['registries'],
  queryFn: ({ signal }) => readAll(signal),
})

export const registriesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries'],
    queryFn: async ({ signal }) => (await readAll(signal)).filter(({ tenantId }) => tenantId === tenant),
  })

export const registryQuery = (tenant: string, name: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', name],
    queryFn: ({ signal }) => call<Registry>('GET', path`/api/v1/registries/${name}`, { signal }),
  })

export function makeRegistry(body: RegistryBody): Promise<Registry> {
  return call('POST', '/api/v1/registries', { body })
}

export function changeRegistry(name: string, body: RegistryChange): Promise<Registry> {
  return call('PATCH', path`/api/v1/registries/${name}`, { body })
}

export function deleteRegistry(name: string): Promise<void> {
  return call('DELETE', path`/api/v1/registries/${name}`)
}

export const tokensQuery = (tenant: string, registry: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'tokens'],
    queryFn: async ({ signal }) => {
      return (await call<{ tokens: Token[] }>('GET', path`/api/v1/registries/${registry}/tokens`, { signal })).tokens
    },
  })

export function makeToken(registry: string, body: TokenBody): Promise<Token> {
  return call('POST', path`/api/v1/registries/${registry}/tokens`, { body })
}

export function changeToken(registry: string, name: string, body: TokenChange): Promise<Token> {
  return call('PATCH', path`/api/v1/registries/${registry}/tokens/${name}`, { body })
}

export function deleteToken(registry: string, name: string): Promise<void> {
  return call('DELETE', path`/api/v1/registries/${registry}/tokens/${name}`)
}

export function makePassword(registry: string, token: string, name: PasswordName): Promise<Token> {
  return call('POST', path`/api/v1/registries/${registry}/tokens/${token}/passwords/${name}`, { body: {} })
}

export const scopeMapsQuery = (tenant: string, registry: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'scope-maps'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/registries/${registry}/scope-maps`
      return (await call<{ scopeMaps: ScopeMap[] }>('GET', at, { signal })).scopeMaps
    },
  })

export function makeScopeMap(registry: string, body: ScopeMapBody): Promise<ScopeMap> {
  return call('POST', path`/api/v1/registries/${registry}/scope-maps`, { body })
}

export function changeScopeMap(registry: string, name: string, body: ScopeMapChange): Promise<ScopeMap> {
  return call('PATCH', path`/api/v1/registries/${registry}/scope-maps/${name}`, { body })
}

export function deleteScopeMap(registry: string, name: string): Promise<void> {
  return call('DELETE', path`/api/v1/registries/${registry}/scope-maps/${name}`)
}
