import { queryOptions } from '@tanstack/react-query'
import type { Policy, PolicyBody, PolicyChange } from '../../../src/api/index.ts'
import { call, path } from './call.ts'

export const policiesQuery = (tenant: string, registry: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'registries', registry, 'policies'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/registries/${registry}/policies`
      return (await call<{ policies: Policy[] }>('GET', at, { signal })).policies
    },
  })

export function makePolicy(registry: string, body: PolicyBody): Promise<Policy> {
  return call('POST', path`/api/v1/registries/${registry}/policies`, { body })
}

export function changePolicy(registry: string, name: string, body: PolicyChange): Promise<Policy> {
  return call('PATCH', path`/api/v1/registries/${registry}/policies/${name}`, { body })
}

export function deletePolicy(registry: string, name: string): Promise<void> {
  return call('DELETE', path`/api/v1/registries/${registry}/policies/${name}`)
}
