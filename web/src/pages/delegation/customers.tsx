import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import { useState } from 'react'
import type { CustomerResourceList } from '../../../../src/api/index.ts'
import { customerResourcesQuery, delegationsQuery } from '../../api/delegation.ts'
import { useSession, useTenant } from '../../app/tenant.ts'
import { buttonLook } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, PageBody, Panel } from '../../ui/page.tsx'
import { matches, SearchBox } from '../../ui/search-box.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { kindWord } from '../access/place-names.ts'
import { Managed } from './managed.tsx'

type Resource = CustomerResourceList['resources'][number]

/** What customers delegated to this tenant, and all their resources in one list. */
export function Customers() {
  const tenant = useTenant()
  const { principal } = useSession()
  const own = principal.tenantId === tenant.id
  return (
    <PageBody
      title="My customers"
      says="What other tenants delegated to this one: all their resources in one list, and who may do what there."
      actions={
        own ? (
          <Link
            to="/t/$tenant/delegation/customers/agent"
            params={{ tenant: tenant.name }}
            className={buttonLook('primary')}
          >
            <Bot aria-hidden />
            Let an agent work
          </Link>
        ) : undefined
      }
    >
      {own ? (
        <Resources />
      ) : (
        <p className="mb-4 max-w-prose text-soft">
          Customers’ resources are seen by those whom an offer names, and they are of tenant {tenant.name}. You are not.
        </p>
      )}
      <Managed />
    </PageBody>
  )
}

function Resources() {
  const tenant = useTenant()
  const resources = useQuery(customerResourcesQuery(tenant.id))
  const { data: delegations = [] } = useQuery(delegationsQuery(tenant.id, 'managing'))
  const [wanted, setWanted] = useState('')
  const [customer, setCustomer] = useState('')
  const offers = (one: Resource) =>
    one.delegations.map(id => delegations.find(delegation => delegation.id === id)?.offer ?? id)
  const columns: readonly Column<Resource>[] = [
    { head: 'Resource', cell: ({ name }) => <span className="font-medium">{name}</span> },
    { head: 'Customer', cell: ({ tenantName }) => tenantName },
    { head: 'Kind', wide: true, cell: ({ kind }) => kindWord(kind) },
    { head: 'Delegated by', wide: true, cell: one => offers(one).join(', ') },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: ({ scope, name }) => (
        <Link
          to="/t/$tenant/delegation/customers/agent"
          params={{ tenant: tenant.name }}
          search={{ scope } as never}
          aria-label={`Let an agent work at ${name}`}
          title={`Let an agent work at ${name}`}
          className={buttonLook('ghost', 'icon')}
        >
          <Bot aria-hidden />
        </Link>
      ),
    },
  ]
  const customers = [...new Map((resources.data ?? []).map(one => [one.tenantId, one.tenantName]))]
  return (
    <Panel title="Resources">
      <div className="flex flex-wrap gap-3 border-b border-line px-4 py-3 max-sm:px-3">
        <SearchBox label="Find a resource" value={wanted} onChange={setWanted} />
        <div className="w-full sm:w-56">
          <Select
            aria-label="Customer"
            value={customer}
            onChange={event => setCustomer(event.target.value)}
            options={[{ value: '', label: 'All customers' }, ...customers.map(([value, label]) => ({ value, label }))]}
          />
        </div>
      </div>
      <Loaded query={resources} loading={<TableLoading columns={columns} />}>
        {all => {
          const found = all.filter(
            one =>
              (customer === '' || one.tenantId === customer) &&
              matches(wanted, one.name, one.tenantName, kindWord(one.kind), ...offers(one)),
          )
          if (found.length > 0) {
            return <Table label="Customers’ resources" columns={columns} rows={found} keyOf={({ scope }) => scope} />
          }
          return (
            <Empty
              says={
                all.length === 0
                  ? 'There is nothing of a customer that you may see. It shows here once one accepts an offer that names you.'
                  : 'No resource is like that.'
              }
            />
          )
        }}
      </Loaded>
    </Panel>
  )
}
