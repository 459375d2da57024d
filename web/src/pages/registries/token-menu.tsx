import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PasswordName, Token, TokenChange } from '../../../../src/api/index.ts'
import { changeToken, deleteToken, makePassword, scopeMapsQuery } from '../../api/registries.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { MenuItem, MenuLine, RowMenu } from '../../ui/menu.tsx'
import { ScopeMapPicker } from './make-token.tsx'

type Asked = PasswordName | 'scope-map' | 'disable' | 'delete'

type Props = { registry: string; token: Token; onShown: (token: Token) => void }

/** Replace a password, give it another scope map, disable, delete. */
export function TokenMenu({ registry, token, onShown }: Props) {
  const { name, status } = token
  const tenant = useTenant()
  const { data: scopeMaps = [] } = useQuery(scopeMapsQuery(tenant.id, registry))
  const [asked, setAsked] = useState<Asked>()
  const done = () => setAsked(undefined)
  const regenerating = useChange({
    run: (which: PasswordName) => makePassword(registry, name, which),
    finish: changed => {
      done()
      onShown(changed)
    },
  })
  const changing = useChange({
    run: (body: TokenChange) => changeToken(registry, name, body),
    says: () => `“${name}” is changed; regions follow within seconds`,
    finish: done,
  })
  const deleting = useChange({
    run: () => deleteToken(registry, name),
    says: () => `The token “${name}” is deleted`,
    finish: done,
  })
  const password = asked === 'password2' ? 'password2' : 'password1'
  const [number, other] = password === 'password1' ? [1, 2] : [2, 1]
  return (
    <>
      <RowMenu name={name}>
        <MenuItem onClick={() => setAsked('password1')}>Regenerate password 1 …</MenuItem>
        <MenuItem onClick={() => setAsked('password2')}>Regenerate password 2 …</MenuItem>
        <MenuItem onClick={() => setAsked('scope-map')}>Change scope map …</MenuItem>
        <MenuLine />
        <MenuItem onClick={() => (status === 'enabled' ? setAsked('disable') : changing.mutate({ status: 'enabled' }))}>
          {status === 'enabled' ? 'Disable …' : 'Enable'}
        </MenuItem>
        <MenuItem danger onClick={() => setAsked('delete')}>
          Delete …
        </MenuItem>
      </RowMenu>
      <Confirm
        open={asked === 'password1' || asked === 'password2'}
        onOpenChange={done}
        title={`Regenerate password ${number} of “${name}”?`}
        says={`The one of before is refused within seconds, everywhere. Password ${other} keeps working.`}
        action="Regenerate"
        change={regenerating}
        onConfirm={() => regenerating.mutate(password)}
      />
      <FormDialog
        open={asked === 'scope-map'}
        onOpenChange={done}
        title={`Scope map of “${name}”`}
        action="Save"
        change={changing}
        read={fields => ({ scopeMap: textOf(fields, 'scopeMap') })}
      >
        <ScopeMapPicker scopeMaps={scopeMaps} initial={token.scopeMap} />
      </FormDialog>
      <Confirm
        open={asked === 'disable'}
        onOpenChange={done}
        title={`Disable the token “${name}”?`}
        says="Whatever signs in by it is refused within seconds. Its passwords stay, and it can be enabled again."
        action="Disable"
        change={changing}
        onConfirm={() => changing.mutate({ status: 'disabled' })}
      />
      <Confirm
        open={asked === 'delete'}
        onOpenChange={done}
        title={`Delete the token “${name}”?`}
        says="Whatever signs in by it is refused within seconds. Its scope map stays. That can't be undone."
        action="Delete"
        change={deleting}
        onConfirm={() => deleting.mutate(undefined)}
      />
    </>
  )
}
