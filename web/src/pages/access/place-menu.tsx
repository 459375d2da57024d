import { useState } from 'react'
import type { LockBody, Place } from '../../../../src/api/index.ts'
import { deleteGroup, lock, movePlace } from '../../api/access.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { MenuItem, RowMenu } from '../../ui/menu.tsx'
import { ParentPicker } from './make-group.tsx'
import { placePath } from './place-names.ts'

type Props = { place: Place; places: readonly Place[] }

/** What can be done to one place of the tree. */
export function PlaceMenu({ place, places }: Props) {
  const { id, kind, name } = place
  const tenant = useTenant()
  const [asked, setAsked] = useState<'lock' | 'move' | 'delete'>()
  const done = () => setAsked(undefined)
  const locking = useChange({
    run: (body: LockBody) => lock(tenant.id, body),
    says: () => `“${name}” is locked`,
    finish: done,
  })
  const moving = useChange({
    run: (parentId: string) => movePlace(tenant.id, id, parentId),
    says: parentId => `“${name}” lies in ${placePath(places, parentId)} now`,
    finish: done,
  })
  const deleting = useChange({
    run: () => deleteGroup(tenant.id, id),
    says: () => `The group “${name}” is deleted`,
    finish: done,
  })
  return (
    <>
      <RowMenu name={name}>
        <MenuItem onClick={() => setAsked('lock')}>Lock …</MenuItem>
        {kind === 'tenant' ? null : <MenuItem onClick={() => setAsked('move')}>Move …</MenuItem>}
        {kind === 'group' ? (
          <MenuItem danger onClick={() => setAsked('delete')}>
            Delete …
          </MenuItem>
        ) : null}
      </RowMenu>
      <FormDialog
        open={asked === 'lock'}
        onOpenChange={done}
        title={`Lock “${name}”`}
        says="It binds everybody, owners and managing tenants too, until the lock is taken away."
        action="Lock"
        change={locking}
        read={(fields): LockBody => ({
          nodeId: id,
          kind: textOf(fields, 'kind') === 'read-only' ? 'read-only' : 'no-delete',
          note: textOf(fields, 'note'),
        })}
      >
        <Field label="What nobody may do">
          <Select
            name="kind"
            options={[
              { value: 'no-delete', label: 'Delete it or what lies in it' },
              { value: 'read-only', label: 'Change it or what lies in it' },
            ]}
          />
        </Field>
        <Field label="Why" hint="Whoever is refused reads this.">
          <TextInput name="note" maxLength={500} />
        </Field>
      </FormDialog>
      <FormDialog
        open={asked === 'move'}
        onOpenChange={done}
        title={`Move “${name}”`}
        says="Roles and locks of the new place will hold for it, those of the old one no more."
        action="Move"
        change={moving}
        read={fields => textOf(fields, 'parent') || undefined}
      >
        <ParentPicker places={places.filter(one => one.id !== id)} initial={place.parentId} />
      </FormDialog>
      <Confirm
        open={asked === 'delete'}
        onOpenChange={done}
        title={`Delete the group “${name}”?`}
        says="Only a group that holds nothing can be deleted. What was assigned at it goes with it."
        action="Delete"
        change={deleting}
        onConfirm={() => deleting.mutate(undefined)}
      />
    </>
  )
}
