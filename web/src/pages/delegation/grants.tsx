import { useQuery } from '@tanstack/react-query'
import type { Grant } from '../../../../src/api/index.ts'
import { delegableRolesQuery } from '../../api/delegation.ts'
import { Badge } from '../../ui/badge.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { joined } from './words.ts'

/** Who gets which role by an offer, and what that means. */
export function Grants({
  grants,
  managing,
  customer,
}: {
  grants: readonly Grant[]
  managing: string
  customer: string
}) {
  const { data: roles = [] } = useQuery(delegableRolesQuery)
  const meaning = ({ roleId, delegatedRoles }: Grant) =>
    delegatedRoles.length > 0
      ? `Gives ${joined(delegatedRoles)} to managed identities of ${customer} and to agents of ${managing}. No other role, to nobody else.`
      : (roles.find(({ id }) => id === roleId)?.description ?? '')
  const columns: readonly Column<Grant>[] = [
    {
      head: 'Who',
      cell: one => (
        <>
          {/* Mail addresses have no place to break at. */}
          <span className="font-medium wrap-anywhere">{one.principalName}</span>
          <span className="block text-sm text-soft">{managing}</span>
        </>
      ),
    },
    {
      head: 'Gets',
      cell: one => (
        <>
          <Badge tone={one.delegatedRoles.length > 0 ? 'warn' : 'water'}>{one.role}</Badge>
          <span className="mt-1 block text-soft md:hidden">{meaning(one)}</span>
        </>
      ),
    },
    { head: 'Which means', wide: true, cell: one => <span className="text-soft">{meaning(one)}</span> },
  ]
  return (
    <Table
      label="What is granted"
      columns={columns}
      rows={grants}
      keyOf={({ principalId, roleId }) => `${principalId} ${roleId}`}
    />
  )
}
