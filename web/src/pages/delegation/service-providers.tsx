import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileUp } from 'lucide-react'
import type { ServiceProviderList } from '../../../../src/api/index.ts'
import { delegationsQuery, serviceProvidersQuery } from '../../api/delegation.ts'
import { useTenant } from '../../app/tenant.ts'
import { buttonLook } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Provider = ServiceProviderList['serviceProviders'][number]

/** The tenants that may do something in this one. */
export function ServiceProviders() {
  const tenant = useTenant()
  const providers = useQuery(serviceProvidersQuery(tenant.id))
  const { data: delegations = [] } = useQuery(delegationsQuery(tenant.id, 'customer'))
  const columns: readonly Column<Provider>[] = [
    { head: 'Service provider', cell: ({ name }) => <span className="font-medium">{name}</span> },
    {
      head: 'By',
      cell: one => (
        <ul className="flex flex-wrap gap-x-3 gap-y-1">
          {one.delegations.map(id => (
            <li key={id}>
              <Link
                to="/t/$tenant/delegation/delegations/$id"
                params={{ tenant: tenant.name, id }}
                className="text-water underline-offset-2 hover:underline"
              >
                {delegations.find(delegation => delegation.id === id)?.offer ?? id}
              </Link>
            </li>
          ))}
        </ul>
      ),
    },
    { head: 'Since', cell: ({ since }) => <Time at={since} /> },
    { head: 'Tenant id', wide: true, cell: ({ id }) => <code className="text-soft">{id}</code> },
  ]
  return (
    <PageBody
      title="Service providers"
      says="Other tenants that may do something in this one, because an owner accepted their offer."
      actions={<AcceptLink look="plain" />}
    >
      <Panel>
        <Loaded query={providers} loading={<TableLoading columns={columns} rows={3} />}>
          {all =>
            all.length === 0 ? (
              <Empty says="Nobody outside this tenant may do anything in it." />
            ) : (
              <Table label="Service providers" columns={columns} rows={all} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Panel>
    </PageBody>
  )
}

export function AcceptLink({ look }: { look: 'primary' | 'plain' }) {
  const { name } = useTenant()
  return (
    <Link to="/t/$tenant/delegation/delegations/accept" params={{ tenant: name }} className={buttonLook(look)}>
      <FileUp aria-hidden />
      Accept an offer
    </Link>
  )
}
