import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Delegation } from '../../../../src/api/index.ts'
import { placesQuery } from '../../api/access.ts'
import { delegationsQuery } from '../../api/delegation.ts'
import { useTenant } from '../../app/tenant.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { AcceptLink } from './service-providers.tsx'
import { delegationPlace, joined } from './words.ts'

/** What others may do in this tenant. */
export function Delegations() {
  const tenant = useTenant()
  const delegations = useQuery(delegationsQuery(tenant.id, 'customer'))
  const { data: places = [] } = useQuery(placesQuery(tenant.id))
  const columns: readonly Column<Delegation>[] = [
    {
      head: 'Delegation',
      cell: ({ id, offer, description }) => (
        <>
          <Link
            to="/t/$tenant/delegation/delegations/$id"
            params={{ tenant: tenant.name, id }}
            className="font-medium hover:text-water hover:underline"
          >
            {offer}
          </Link>
          {description === '' ? null : <span className="block text-sm text-soft max-md:hidden">{description}</span>}
        </>
      ),
    },
    { head: 'To', cell: ({ managingTenant }) => managingTenant.name },
    { head: 'Where', cell: ({ scope }) => delegationPlace(places, scope) },
    { head: 'Grants', wide: true, cell: ({ grants }) => joined([...new Set(grants.map(({ role }) => role))]) },
    { head: 'Accepted', wide: true, cell: ({ acceptedAt }) => <Time at={acceptedAt} /> },
  ]
  return (
    <PageBody
      title="Delegations"
      says="What other tenants may do in this one. Each can be revoked at any time; their next request is refused."
      actions={delegations.data?.length === 0 ? undefined : <AcceptLink look="primary" />}
    >
      <Panel>
        <Loaded query={delegations} loading={<TableLoading columns={columns} />}>
          {all =>
            all.length === 0 ? (
              <Empty says="Nothing is delegated. A service provider gives you a file with its offer; you read here what it would grant before you accept it.">
                <AcceptLink look="primary" />
              </Empty>
            ) : (
              <Table label="Delegations" columns={columns} rows={all} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
    </PageBody>
  )
}
