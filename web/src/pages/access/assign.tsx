import { useQuery } from '@tanstack/react-query'
import type { AssignmentBody } from '../../../../src/api/index.ts'
import { assign, placesQuery, rolesQuery } from '../../api/access.ts'
import { principalsQuery } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Field, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { Picker } from '../../ui/picker.tsx'
import { placeChoices } from './place-names.ts'
import { KINDS } from './principal-kinds.ts'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Given where it is about one. */
  principalId?: string
}

/** Gives somebody a role somewhere. */
export function Assign({ open, onOpenChange, principalId }: Props) {
  const tenant = useTenant()
  const { data: principals = [] } = useQuery(principalsQuery(tenant.id))
  const { data: roles } = useQuery(rolesQuery(tenant.id))
  const { data: places = [] } = useQuery(placesQuery(tenant.id))
  const assigning = useChange({
    run: (body: AssignmentBody) => assign(tenant.id, body),
    says: () => 'The role is assigned',
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Assign a role"
      says="It counts from the next request on, at the place and all that lies in it."
      action="Assign"
      change={assigning}
      read={fields => {
        const place = places.find(({ id }) => id === textOf(fields, 'place'))
        if (!place) return undefined
        return {
          principalId: principalId ?? textOf(fields, 'principal'),
          roleId: textOf(fields, 'role'),
          scope: place.scope,
          condition: textOf(fields, 'condition'),
        }
      }}
    >
      {principalId === undefined ? (
        <Picker
          label="Principal"
          name="principal"
          required
          choices={principals.map(({ id, name, kind }) => ({ value: id, label: name, hint: KINDS[kind].label }))}
        />
      ) : null}
      <Picker
        label="Role"
        name="role"
        required
        choices={(roles?.roles ?? []).map(({ id, name, description }) => ({
          value: id,
          label: name,
          hint: description,
        }))}
      />
      <Picker label="Where" name="place" required initial={tenant.id} choices={placeChoices(places)} />
      <Field label="Only if" hint="A Cedar expression, such as context.now < 1767225600000. Empty: always.">
        <TextInput name="condition" maxLength={1000} spellCheck={false} className="font-mono" />
      </Field>
    </FormDialog>
  )
}
