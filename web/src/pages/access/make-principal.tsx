import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Principal, PrincipalBody } from '../../../../src/api/index.ts'
import { placesQuery } from '../../api/access.ts'
import { makePrincipal, principalsQuery } from '../../api/principals.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { Picker } from '../../ui/picker.tsx'
import { placeChoices } from './place-names.ts'
import { KINDS } from './principal-kinds.ts'

type Props = { open: boolean; onOpenChange: (open: boolean) => void }

export function MakePrincipal({ open, onOpenChange }: Props) {
  const tenant = useTenant()
  const navigate = useNavigate()
  const [kind, setKind] = useState<Principal['kind']>('user')
  const making = useChange({
    run: (body: PrincipalBody) => makePrincipal(tenant.id, body),
    says: ({ name }) => `“${name}” is made`,
    finish: ({ id }) => {
      onOpenChange(false)
      navigate({ to: '/t/$tenant/access/principals/$id', params: { tenant: tenant.name, id } })
    },
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New principal"
      says="It may do nothing until somebody gives it a role."
      action="Create"
      change={making}
      read={fields => ({
        kind,
        name: textOf(fields, 'name'),
        ...(kind === 'agent' ? { ownerId: textOf(fields, 'owner') } : {}),
        ...(kind === 'managed' ? { resourceId: textOf(fields, 'resource') } : {}),
      })}
    >
      <Field label="Kind" hint={KINDS[kind].says}>
        <Select
          value={kind}
          onChange={event => setKind(event.target.value as Principal['kind'])}
          options={Object.entries(KINDS).map(([value, { label }]) => ({ value, label }))}
        />
      </Field>
      <Field label="Name">
        <TextInput name="name" required maxLength={200} />
      </Field>
      {kind === 'agent' ? <Owner /> : null}
      {kind === 'managed' ? <Resource /> : null}
    </FormDialog>
  )
}

function Owner() {
  const { data = [] } = useQuery(principalsQuery(useTenant().id))
  const people = data.filter(({ kind }) => kind === 'user')
  return (
    <Picker
      label="Owner"
      name="owner"
      required
      choices={people.map(({ id, name }) => ({ value: id, label: name }))}
      hint="The person who answers for what it does."
    />
  )
}

function Resource() {
  const { data = [] } = useQuery(placesQuery(useTenant().id))
  const resources = new Set(data.filter(({ kind }) => kind !== 'tenant' && kind !== 'group').map(({ id }) => id))
  const choices = placeChoices(data).filter(({ value }) => resources.has(value))
  return <Picker label="Resource" name="resource" required choices={choices} hint="It goes when the resource goes." />
}
