import { queryOptions } from '@tanstack/react-query'
import type { SignInProvider, SignInProviderBody, SignInProviderChange } from '../../../src/api/index.ts'
import { call, path } from './call.ts'

export const signInProvidersQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'sign-in-providers'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/tenants/${tenant}/sign-in-providers`
      return (await call<{ providers: SignInProvider[] }>('GET', at, { signal })).providers
    },
  })

export function makeSignInProvider(tenant: string, body: SignInProviderBody): Promise<SignInProvider> {
  return call('POST', path`/api/v1/tenants/${tenant}/sign-in-providers`, { body })
}

export function changeSignInProvider(
  tenant: string,
  name: string,
  body: SignInProviderChange,
): Promise<SignInProvider> {
  return call('PATCH', path`/api/v1/tenants/${tenant}/sign-in-providers/${name}`, { body })
}

export function deleteSignInProvider(tenant: string, name: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/sign-in-providers/${name}`)
}
