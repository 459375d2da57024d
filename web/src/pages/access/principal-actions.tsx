import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Principal } from '../../../../src/api/index.ts'
import { deletePrincipal, enablePrincipal } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { MenuItem } from '../../ui/menu.tsx'
import { KINDS } from './principal-kinds.ts'

type Props = {
  principal: Principal
  /** Called once it is gone. */
  onDeleted?: () => void
  /** Puts the items into a menu. */
  children: (items: ReactNode) => ReactNode
}

/** Disable, enable, delete: with the questions that they ask first. */
export function PrincipalActions({ principal, onDeleted, children }: Props) {
  const { id, name, kind, enabled } = principal
  const tenant = useTenant()
  const [asked, setAsked] = useState<'disable' | 'delete'>()
  const enabling = useChange({
    run: (to: boolean) => enablePrincipal(tenant.id, id, to),
    says: to => `“${name}” is ${to ? 'enabled' : 'disabled'}`,
    finish: () => setAsked(undefined),
  })
  const deleting = useChange({
    run: () => deletePrincipal(tenant.id, id),
    says: () => `“${name}” is deleted`,
    finish: () => {
      setAsked(undefined)
      onDeleted?.()
    },
  })
  const kindText = KINDS[kind].label.toLowerCase()
  return (
    <>
      {children(
        <>
          <MenuItem onClick={() => (enabled ? setAsked('disable') : enabling.mutate(true))}>
            {enabled ? 'Disable …' : 'Enable'}
          </MenuItem>
          <MenuItem danger onClick={() => setAsked('delete')}>
            Delete …
          </MenuItem>
        </>,
      )}
      <Confirm
        open={asked === 'disable'}
        onOpenChange={() => setAsked(undefined)}
        title={`Disable the ${kindText} “${name}”?`}
        says="From its next request on it may do nothing here. Its roles and secrets stay, and it can be enabled again."
        action="Disable"
        change={enabling}
        onConfirm={() => enabling.mutate(false)}
      />
      <Confirm
        open={asked === 'delete'}
        onOpenChange={() => setAsked(undefined)}
        title={`Delete the ${kindText} “${name}”?`}
        says="Its secrets, its roles and its places in groups go with it, at once and for good. What it did stays in the audit."
        action="Delete"
        change={deleting}
        onConfirm={() => deleting.mutate(undefined)}
      />
    </>
  )
}
