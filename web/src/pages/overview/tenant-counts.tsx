import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { assignmentsQuery, placesQuery } from '../../api/access.ts'
import { principalsQuery } from '../../api/principals.ts'
import { registriesQuery } from '../../api/registries.ts'
import { useTenant } from '../../app/tenant.ts'

/** What the tenant holds, as far as one may see it, and the way there. */
export function TenantCounts() {
  const { id } = useTenant()
  const registries = useQuery(registriesQuery(id))
  const places = useQuery(placesQuery(id))
  const principals = useQuery(principalsQuery(id))
  const assignments = useQuery(assignmentsQuery(id))
  return (
    <ul className="mb-6 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Count label="Registries" to="/registries" query={registries} />
      <Count label="Groups and resources" to="/access/resources" query={places} />
      <Count label="Principals" to="/access/principals" query={principals} />
      <Count label="Role assignments" to="/access/assignments" query={assignments} />
    </ul>
  )
}

type Props = { label: string; to: string; query: UseQueryResult<readonly unknown[]> }

function Count({ label, to, query }: Props) {
  const { name } = useTenant()
  return (
    <li>
      <Link
        to={`/t/$tenant${to}`}
        params={{ tenant: name }}
        className="flex h-full flex-col-reverse justify-end gap-0.5 rounded-lg border border-line bg-raised px-4 py-3 hover:border-water"
      >
        <span className="text-soft">{label}</span>
        <span className="h-8 text-xl leading-8 font-semibold tabular-nums">
          {query.isPending ? <span className="skeleton block h-6 w-10" /> : null}
          {query.data?.length}
          {query.isError && query.data === undefined ? (
            <span className="text-base font-normal text-soft">Not for you to see</span>
          ) : null}
        </span>
      </Link>
    </li>
  )
}
