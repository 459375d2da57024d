import { queryOptions } from '@tanstack/react-query'
import type {
  Certificate,
  Federation,
  FederationBody,
  NewSecret,
  Principal,
  PrincipalBody,
  WholePrincipal,
} from '../../../src/api/index.ts'
import { call, path } from './call.ts'

export const principalsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'principals'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/tenants/${tenant}/principals`
      return (await call<{ principals: Principal[] }>('GET', at, { signal })).principals
    },
  })

export const principalQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'principals', id],
    queryFn: ({ signal }) => call<WholePrincipal>('GET', path`/api/v1/tenants/${tenant}/principals/${id}`, { signal }),
  })

export function makePrincipal(tenant: string, body: PrincipalBody): Promise<Principal> {
  return call('POST', path`/api/v1/tenants/${tenant}/principals`, { body })
}

export function enablePrincipal(tenant: string, id: string, enabled: boolean): Promise<Principal> {
  return call('PATCH', path`/api/v1/tenants/${tenant}/principals/${id}`, { body: { enabled } })
}

export function deletePrincipal(tenant: string, id: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/principals/${id}`)
}

export function addMember(tenant: string, group: string, member: string): Promise<void> {
  return call('PUT', path`/api/v1/tenants/${tenant}/principals/${group}/members/${member}`)
}

export function removeMember(tenant: string, group: string, member: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/principals/${group}/members/${member}`)
}

export function makeSecret(tenant: string, id: string, days: number): Promise<NewSecret> {
  return call('POST', path`/api/v1/tenants/${tenant}/principals/${id}/secrets`, { body: { days } })
}

export function deleteSecret(tenant: string, id: string, secret: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/principals/${id}/secrets/${secret}`)
}

export function addCertificate(tenant: string, id: string, certificate: string): Promise<Certificate> {
  return call('POST', path`/api/v1/tenants/${tenant}/principals/${id}/certificates`, { body: { certificate } })
}

export function removeCertificate(tenant: string, id: string, certificate: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/principals/${id}/certificates/${certificate}`)
}

export function addFederation(tenant: string, id: string, body: FederationBody): Promise<Federation> {
  return call('POST', path`/api/v1/tenants/${tenant}/principals/${id}/federations`, { body })
}

export function removeFederation(tenant: string, id: string, federation: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/principals/${id}/federations/${federation}`)
}
