import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Session } from '../../../src/api/index.ts'
import { sessionQuery, type TenantSeen } from '../api/session.ts'

/** Who is signed in; only below the frame, which waits for it. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('This is shown without anybody signed in')
  return data
}

/** The tenant of the page's address; only on pages of a tenant. */
export function useTenant(): TenantSeen {
  const { tenant } = getRouteApi('/frame/t/$tenant').useRouteContext() as { tenant?: TenantSeen }
  if (!tenant) throw new Error('This is shown without a tenant')
  return tenant
}

const LAST = 'towpath.tenant'

/** Where `/` leads: the tenant looked at last, else one's own. */
export function startTenant({ tenants, principal }: Session): TenantSeen | undefined {
  const last = localStorage.getItem(LAST)
  return (
    tenants.find(tenant => tenant.name === last) ?? tenants.find(({ id }) => id === principal.tenantId) ?? tenants[0]
  )
}

export function rememberTenant({ name }: TenantSeen): void {
  localStorage.setItem(LAST, name)
}
