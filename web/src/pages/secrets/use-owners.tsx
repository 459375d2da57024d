import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { allRegistriesQuery } from '../../api/registries.ts'
import type { SecretAge } from '../../api/secrets.ts'
import { useSession } from '../../app/tenant.ts'

const LINK = 'rounded text-water underline-offset-2 hover:underline'

/** Says whose a secret is, with the way there. */
export function useOwners(): (secret: SecretAge) => ReactNode {
  const { tenants } = useSession()
  const { data: registries = [] } = useQuery(allRegistriesQuery)
  const tenantName = (id: string) => tenants.find(tenant => tenant.id === id)?.name
  return ({ kind, tenantId, principalId, registryId }) => {
    const registry = registries.find(({ id }) => id === registryId)
    const tenant = tenantName(registry?.tenantId ?? tenantId)
    if (registry && tenant !== undefined) {
      return (
        <Link to="/t/$tenant/registries/$name" params={{ tenant, name: registry.name }} className={LINK}>
          Registry {registry.name}
        </Link>
      )
    }
    if (registryId !== '') return `Registry ${registryId}`
    if (tenant !== undefined && principalId !== '') {
      return (
        <Link to="/t/$tenant/access/principals/$id" params={{ tenant, id: principalId }} className={LINK}>
          Program of {tenant}
        </Link>
      )
    }
    if (tenant !== undefined && kind === 'provider-secret') {
      return (
        <Link to="/t/$tenant/access/sign-in-providers" params={{ tenant }} className={LINK}>
          Sign-in providers of {tenant}
        </Link>
      )
    }
    if (tenant !== undefined) return `Tenant ${tenant}`
    return tenantId === '' ? 'The platform' : `Tenant ${tenantId}`
  }
}
