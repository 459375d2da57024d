import type { Offer } from '../../../../src/api/index.ts'
import { withdrawOffer } from '../../api/delegation.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  offer: Offer | undefined
  onDone?: () => void
}

export function WithdrawOffer({ open, onOpenChange, offer, onDone }: Props) {
  const tenant = useTenant()
  const leaving = useChange({
    run: ({ id }: Offer) => withdrawOffer(tenant.id, id),
    says: ({ name }) => `The offer “${name}” is withdrawn`,
    finish: () => {
      onOpenChange(false)
      onDone?.()
    },
  })
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={`Withdraw the offer “${offer?.name ?? ''}”?`}
      says="It goes from this list. What customers accepted of it stays until they revoke it, and a file that somebody has can still be accepted."
      action="Withdraw"
      change={leaving}
      onConfirm={() => offer && leaving.mutate(offer)}
    />
  )
}
