import { queryOptions } from '@tanstack/react-query'
import type {
  CustomerResourceList,
  DelegableRoleList,
  Delegation,
  DelegationBody,
  DocumentQuery,
  MissingList,
  Offer,
  OfferBody,
  OfferDocument,
  PickBody,
  Picked,
  Review,
  ReviewBody,
  ServiceProviderList,
} from '../../../src/api/index.ts'
import { call, path } from './call.ts'

export const delegableRolesQuery = queryOptions({
  queryKey: ['delegable-roles'],
  queryFn: async ({ signal }) => (await call<DelegableRoleList>('GET', '/api/v1/delegable-roles', { signal })).roles,
  // A part of the program.
  staleTime: Number.POSITIVE_INFINITY,
})

export const offersQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'offers'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/tenants/${tenant}/offers`
      return (await call<{ offers: Offer[] }>('GET', at, { signal })).offers
    },
  })

export function makeOffer(tenant: string, body: OfferBody): Promise<Offer> {
  return call('POST', path`/api/v1/tenants/${tenant}/offers`, { body })
}

export type DocumentForm = NonNullable<DocumentQuery['form']>

export function offerDocument(tenant: string, id: string, form: DocumentForm): Promise<OfferDocument> {
  return call('GET', `${path`/api/v1/tenants/${tenant}/offers/${id}/document`}?form=${form}`)
}

export function withdrawOffer(tenant: string, id: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/offers/${id}`)
}

/** `customer`: what others may do in the tenant; `managing`: what it may do in others. */
export const delegationsQuery = (tenant: string, side: 'customer' | 'managing') =>
  queryOptions({
    queryKey: ['tenant', tenant, 'delegations', side],
    queryFn: async ({ signal }) => {
      const at = `${path`/api/v1/tenants/${tenant}/delegations`}?side=${side}`
      return (await call<{ delegations: Delegation[] }>('GET', at, { signal })).delegations
    },
  })

export const serviceProvidersQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'service-providers'],
    queryFn: async ({ signal }) => {
      const at = path`/api/v1/tenants/${tenant}/service-providers`
      return (await call<ServiceProviderList>('GET', at, { signal })).serviceProviders
    },
  })

/** What it would grant, in words; changes nothing. */
export function reviewOffer(tenant: string, body: ReviewBody): Promise<Review> {
  return call('POST', path`/api/v1/tenants/${tenant}/delegations/review`, { body })
}

export function acceptOffer(tenant: string, body: DelegationBody): Promise<Delegation> {
  return call('POST', path`/api/v1/tenants/${tenant}/delegations`, { body })
}

/** By the customer, or by the managing tenant that gives it back. */
export function revokeDelegation(tenant: string, id: string): Promise<void> {
  return call('DELETE', path`/api/v1/tenants/${tenant}/delegations/${id}`)
}

/** As far as who is signed in may see them. `tenant`: the one that she is of. */
export const customerResourcesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['tenant', tenant, 'customers'],
    queryFn: async ({ signal }) =>
      (await call<CustomerResourceList>('GET', '/api/v1/customers/resources', { signal })).resources,
    // It changes in other tenants too, by what they accept and revoke.
    staleTime: 0,
  })

/** What an identity lacks at a customer's place; changes nothing. */
export async function checkWork(body: PickBody): Promise<MissingList['missing']> {
  return (await call<MissingList>('POST', '/api/v1/customers/scopes/check', { body })).missing
}

export function addWork(body: PickBody): Promise<Picked> {
  return call('POST', '/api/v1/customers/scopes', { body })
}
