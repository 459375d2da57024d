import { useQuery } from '@tanstack/react-query'
import type { Grant } from '../../../../src/api/index.ts'
import { delegableRolesQuery } from '../../api/delegation.ts'
import { Badge } from '../../ui/badge.tsx'
import { joined } from './words.ts'

type Props = { grants: readonly Grant[]; managing: string; customer: string }

/** Who gets which role by an offer, and what that means. */
export function Grants({ grants, managing, customer }: Props) {
  const { data: roles = [] } = useQuery(delegableRolesQuery)
  const meaning = ({ roleId, delegatedRoles }: Grant) =>
    delegatedRoles.length > 0
      ? `Gives ${joined(delegatedRoles)} to managed identities of ${customer} and to agents of ${managing}. No other role, to nobody else.`
      : (roles.find(({ id }) => id === roleId)?.description ?? '')
  return (
    <ul aria-label="What is granted">
      {grants.map(one => (
        <li
          key={`${one.principalId} ${one.roleId}`}
          className="border-t border-line px-4 py-3 max-sm:px-3 first:border-t-0"
        >
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-medium wrap-anywhere">{one.principalName}</span>
            <span className="text-soft">of {managing} gets</span>
            <Badge tone={one.delegatedRoles.length > 0 ? 'warn' : 'water'}>{one.role}</Badge>
          </p>
          {/* Its height is kept until the roles are here. */}
          <p className="mt-0.5 min-h-5.5 text-soft">{meaning(one)}</p>
        </li>
      ))}
    </ul>
  )
}
