import { useState } from 'react'
import type { Policy, PolicyChange } from '../../../../src/api/index.ts'
import { changePolicy, deletePolicy } from '../../api/policies.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { MenuItem, MenuLine, RowMenu } from '../../ui/menu.tsx'
import { wordsOf } from './kinds/kinds.ts'
import { ChangePolicy } from './policy-form.tsx'

/** Change, disable, delete. */
export function PolicyMenu({ registry, policy }: { registry: string; policy: Policy }) {
  const { name, status } = policy
  const [asked, setAsked] = useState<'change' | 'toggle' | 'delete'>()
  const done = () => setAsked(undefined)
  const changing = useChange({
    run: (body: PolicyChange) => changePolicy(registry, name, body),
    says: body => `“${name}” is ${body.status}; regions follow within seconds`,
    finish: done,
  })
  const deleting = useChange({
    run: () => deletePolicy(registry, name),
    says: () => `The policy “${name}” is deleted`,
    finish: done,
  })
  const isOn = status === 'enabled'
  return (
    <>
      <RowMenu name={name}>
        <MenuItem onClick={() => setAsked('change')}>Change …</MenuItem>
        <MenuLine />
        <MenuItem onClick={() => setAsked('toggle')}>{isOn ? 'Disable …' : 'Enable …'}</MenuItem>
        <MenuItem danger onClick={() => setAsked('delete')}>
          Delete …
        </MenuItem>
      </RowMenu>
      <ChangePolicy registry={registry} policy={policy} open={asked === 'change'} onOpenChange={done} />
      <Confirm
        open={asked === 'toggle'}
        onOpenChange={done}
        title={`${isOn ? 'Disable' : 'Enable'} the policy “${name}”?`}
        says={isOn ? 'It counts no more, within seconds, until it is enabled again.' : `${wordsOf(policy)}.`}
        action={isOn ? 'Disable' : 'Enable'}
        change={changing}
        onConfirm={() => changing.mutate({ status: isOn ? 'disabled' : 'enabled' })}
      />
      <Confirm
        open={asked === 'delete'}
        onOpenChange={done}
        title={`Delete the policy “${name}”?`}
        says="It counts no more, within seconds. What it deleted stays deleted."
        action="Delete"
        change={deleting}
        onConfirm={() => deleting.mutate(undefined)}
      />
    </>
  )
}
