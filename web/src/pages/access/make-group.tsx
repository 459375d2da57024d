import type { GroupBody, Place } from '../../../../src/api/index.ts'
import { makeGroup } from '../../api/access.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Field, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { Picker } from '../../ui/picker.tsx'
import { placeChoices } from './place-names.ts'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; places: readonly Place[] }

export function MakeGroup({ open, onOpenChange, places }: Props) {
  const tenant = useTenant()
  const making = useChange({
    run: (body: GroupBody) => makeGroup(tenant.id, body),
    says: ({ name }) => `The group “${name}” is made`,
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New group"
      action="Create"
      change={making}
      read={fields => ({ name: textOf(fields, 'name'), parentId: textOf(fields, 'parent') })}
    >
      <Field label="Name" hint="A lower-case letter, then letters, digits and “-”.">
        <TextInput name="name" required maxLength={63} pattern="[a-z][a-z0-9\-]{0,61}[a-z0-9]" />
      </Field>
      <ParentPicker places={places} initial={tenant.id} />
    </FormDialog>
  )
}

/** The tenant or one of its groups. */
export function ParentPicker({ places, initial }: { places: readonly Place[]; initial: string }) {
  const groups = new Set(places.filter(({ kind }) => kind === 'tenant' || kind === 'group').map(({ id }) => id))
  const choices = placeChoices(places).filter(({ value }) => groups.has(value))
  return <Picker label="In" name="parent" required initial={initial} choices={choices} />
}
