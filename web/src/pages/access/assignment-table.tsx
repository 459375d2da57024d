import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ListedAssignment } from '../../../../src/api/index.ts'
import { placesQuery, revoke, rolesQuery } from '../../api/access.ts'
import { delegationsQuery } from '../../api/delegation.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/page.tsx'
import { type Column, Table, TableLoading } from '../../ui/table.tsx'
import { useChosen } from '../../ui/use-chosen.ts'
import { scopeName } from './place-names.ts'

const HEADS = ['Principal', 'Role', 'Where', 'Source']

export function AssignmentsLoading() {
  return <TableLoading columns={HEADS.map(head => ({ head, cell: () => null }))} />
}

type Props = { assignments: readonly ListedAssignment[]; nothing: string }

/** Who has which role where, and the way to take it away. */
export function AssignmentTable({ assignments, nothing }: Props) {
  const tenant = useTenant()
  const { data: roles } = useQuery(rolesQuery(tenant.id))
  const { data: places = [] } = useQuery(placesQuery(tenant.id))
  const { data: delegations = [] } = useQuery(delegationsQuery(tenant.id, 'customer'))
  const leaving = useChosen<ListedAssignment>()
  const revoking = useChange({
    run: ({ id }: ListedAssignment) => revoke(tenant.id, id),
    says: () => 'The role is taken away',
    finish: leaving.close,
  })
  const who = (one: ListedAssignment) => one.principalName || one.principalId
  const role = (one: ListedAssignment) => roles?.roles.find(({ id }) => id === one.roleId)?.name ?? one.roleId
  const where = (one: ListedAssignment) => scopeName(places, one.scope)
  /** Whose it is, where it is nobody of this tenant. */
  const managing = (one: ListedAssignment) =>
    delegations.find(({ id }) => id === one.source)?.managingTenant.name ?? one.principalTenantId
  const own = (one: ListedAssignment) => one.principalTenantId === tenant.id

  const columns: readonly Column<ListedAssignment>[] = [
    {
      head: 'Principal',
      cell: one =>
        own(one) ? (
          <Link
            to="/t/$tenant/access/principals/$id"
            params={{ tenant: tenant.name, id: one.principalId }}
            className="font-medium hover:text-water hover:underline"
          >
            {who(one)}
          </Link>
        ) : (
          <>
            <span className="font-medium">{who(one)}</span>
            <span className="block text-sm text-soft">{managing(one)}</span>
          </>
        ),
    },
    { head: 'Role', cell: role },
    {
      head: 'Where',
      cell: one => (
        <>
          {where(one)}
          {one.condition === '' ? null : (
            <code className="block text-soft">
              <span className="sr-only">Only if </span>if {one.condition}
            </code>
          )}
        </>
      ),
    },
    {
      head: 'Source',
      wide: true,
      cell: one =>
        one.source === 'direct' ? (
          <span className="text-soft">Direct</span>
        ) : (
          <Link
            to="/t/$tenant/delegation/delegations/$id"
            params={{ tenant: tenant.name, id: one.source }}
            className="text-water underline-offset-2 hover:underline"
          >
            {delegations.find(({ id }) => id === one.source)?.offer ?? one.source}
          </Link>
        ),
    },
    {
      head: 'Actions',
      quiet: true,
      className: 'w-0',
      cell: one =>
        // One of a delegation ends with the delegation.
        one.source === 'direct' ? (
          <Button
            look="ghost"
            size="icon"
            aria-label={`Take ${role(one)} from ${who(one)}`}
            onClick={() => leaving.choose(one)}
          >
            <X aria-hidden />
          </Button>
        ) : null,
    },
  ]
  const chosen = leaving.value
  return (
    <>
      {assignments.length === 0 ? (
        <Empty says={nothing} />
      ) : (
        <Table label="Role assignments" columns={columns} rows={assignments} keyOf={({ id }) => id} />
      )}
      <Confirm
        open={leaving.open}
        onOpenChange={leaving.onOpenChange}
        title={chosen ? `Take ${role(chosen)} from “${who(chosen)}”?` : ''}
        says={chosen ? `At ${where(chosen)} and all that lies in it, from its next request on.` : ''}
        action="Take away"
        change={revoking}
        onConfirm={() => chosen && revoking.mutate(chosen)}
      />
    </>
  )
}
