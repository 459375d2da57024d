import type { Delegation } from '../../../../src/api/index.ts'
import { revokeDelegation } from '../../api/delegation.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { joined } from './words.ts'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  delegation: Delegation | undefined
  /** How many roles more were given through it. */
  given?: number
  onDone?: () => void
}

/** Ends a delegation, from either side; says first what ends with it. */
export function RevokeDelegation({ open, onOpenChange, delegation, given = 0, onDone }: Props) {
  const tenant = useTenant()
  const revoking = useChange({
    run: ({ id }: Delegation) => revokeDelegation(tenant.id, id),
    says: ({ offer }) => `The delegation “${offer}” is revoked`,
    finish: () => {
      onOpenChange(false)
      onDone?.()
    },
  })
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={`Revoke “${delegation?.offer ?? ''}”?`}
      says={delegation ? <Ends delegation={delegation} given={given} /> : null}
      action="Revoke"
      change={revoking}
      onConfirm={() => delegation && revoking.mutate(delegation)}
    />
  )
}

function Ends({ delegation: { grants, managingTenant, customer }, given }: { delegation: Delegation; given: number }) {
  const names = [...new Set(grants.map(({ principalName }) => principalName))]
  return (
    <>
      <p>At once, in tenant {customer.name}, these end:</p>
      <ul className="mt-2 list-disc pl-5">
        {names.map(name => (
          <li key={name}>
            <span className="font-medium text-ink">{name}</span> of {managingTenant.name}:{' '}
            {joined(grants.filter(({ principalName }) => principalName === name).map(({ role }) => role))}
          </li>
        ))}
        {given > 0 ? (
          <li>
            {given === 1 ? 'one role' : `${given} roles`} that {managingTenant.name} gave to its own agents through it
          </li>
        ) : null}
      </ul>
      <p className="mt-2">
        Their next request is refused. What stays: roles given to {customer.name}’s own managed identities, and the
        entries in both audits. Other delegations are not touched.
      </p>
    </>
  )
}
