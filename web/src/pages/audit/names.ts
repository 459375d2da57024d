import { useQuery } from '@tanstack/react-query'
import type { AuditRecord } from '../../../../src/api/index.ts'
import { principalsQuery } from '../../api/principals.ts'
import { useSession, useTenant } from '../../app/tenant.ts'

type Actor = AuditRecord['actor']

/** Says who and where in words, as far as one may see the names. */
export function useNames() {
  const tenant = useTenant()
  const { tenants, principal } = useSession()
  const { data: principals = [] } = useQuery(principalsQuery(tenant.id))
  const names = new Map(principals.map(({ id, name }) => [id, name]))
  names.set(principal.id, principal.name)
  return {
    principals,
    who: ({ id }: Actor) => names.get(id) ?? (id === '' ? 'Nobody signed in' : id),
    tenant: (id: string) => tenants.find(one => one.id === id)?.name ?? id,
    isOwn: (id: string) => id === tenant.id,
    /** Without the tenant, where that is the page's. */
    place: (resource: string) => {
      const own = `/tenants/${tenant.id}`
      if (resource === own) return 'the tenant'
      return resource.startsWith(`${own}/`) ? resource.slice(own.length + 1) : resource
    },
  }
}

export type Names = ReturnType<typeof useNames>
