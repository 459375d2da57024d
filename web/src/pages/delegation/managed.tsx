import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { Delegation } from '../../../../src/api/index.ts'
import { customerResourcesQuery, delegationsQuery } from '../../api/delegation.ts'
import { useSession, useTenant } from '../../app/tenant.ts'
import { Button } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Panel } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { RevokeDelegation } from './revoke-delegation.tsx'
import { isTenant, joined } from './words.ts'

/** The delegations to this tenant; either side may end one. */
export function Managed() {
  const tenant = useTenant()
  const { principal } = useSession()
  const delegations = useQuery(delegationsQuery(tenant.id, 'managing'))
  const { data: resources = [] } = useQuery({
    ...customerResourcesQuery(tenant.id),
    enabled: principal.tenantId === tenant.id,
  })
  const ending = useChosen<Delegation>()
  const where = ({ scope }: Delegation) =>
    isTenant(scope) ? 'The whole tenant' : (resources.find(one => one.scope === scope)?.name ?? <code>{scope}</code>)
  const columns: readonly Column<Delegation>[] = [
    {
      head: 'Customer',
      cell: ({ customer, offer }) => (
        <>
          <span className="font-medium">{customer.name}</span>
          <span className="block text-sm text-soft">{offer}</span>
        </>
      ),
    },
    { head: 'Where', wide: true, cell: where },
    {
      head: 'Who got what',
      cell: ({ grants }) => (
        <ul className="wrap-anywhere">
          {grants.map(({ principalId, principalName, roleId, role, delegatedRoles }) => (
            <li key={`${principalId} ${roleId}`}>
              {principalName}: {role}
              {delegatedRoles.length === 0 ? null : (
                <span className="text-soft">, may give {joined(delegatedRoles)}</span>
              )}
            </li>
          ))}
        </ul>
      ),
    },
    { head: 'Since', wide: true, cell: ({ acceptedAt }) => <Time at={acceptedAt} /> },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: one => (
        <Button
          look="ghost"
          size="icon"
          title="Revoke"
          aria-label={`Revoke ${one.offer} of ${one.customer.name}`}
          onClick={() => ending.choose(one)}
        >
          <X aria-hidden />
        </Button>
      ),
    },
  ]
  return (
    <Panel title="What was delegated">
      <Loaded query={delegations} loading={<TableLoading columns={columns} rows={3} />}>
        {all =>
          all.length === 0 ? (
            <Empty says="No tenant delegated anything to this one. Build an offer and give its file to a customer." />
          ) : (
            <Table label="What was delegated" columns={columns} rows={all} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
      <RevokeDelegation open={ending.open} onOpenChange={ending.onOpenChange} delegation={ending.value} />
    </Panel>
  )
}
