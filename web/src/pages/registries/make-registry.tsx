import { useNavigate } from '@tanstack/react-router'
import type { Place, RegistryBody } from '../../../../src/api/index.ts'
import { makeRegistry } from '../../api/registries.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Check, Field, TextArea, TextInput } from '../../ui/field.tsx'
import { FormDialog, linesOf, textOf } from '../../ui/form-dialog.tsx'
import { ParentPicker } from '../access/make-group.tsx'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; places: readonly Place[] }

export function MakeRegistry({ open, onOpenChange, places }: Props) {
  const tenant = useTenant()
  const navigate = useNavigate()
  const making = useChange({
    run: (body: RegistryBody) => makeRegistry(body),
    says: ({ name }) => `The registry “${name}” is made`,
    finish: ({ name }) => {
      onOpenChange(false)
      navigate({ to: '/t/$tenant/registries/$name', params: { tenant: tenant.name, name } })
    },
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New registry"
      action="Create"
      change={making}
      read={fields => {
        const parent = textOf(fields, 'parent')
        return {
          tenant: tenant.id,
          name: textOf(fields, 'name'),
          hosts: linesOf(fields, 'hosts'),
          anonymousPull: fields.has('anonymousPull'),
          ...(parent === tenant.id || parent === '' ? {} : { groupId: parent }),
        }
      }}
    >
      <Field label="Name" hint="A lower-case letter, then letters, digits and “-”.">
        <TextInput name="name" required maxLength={63} pattern="[a-z][a-z0-9\-]{0,61}[a-z0-9]" />
      </Field>
      <HostsField hosts={[]} />
      <ParentPicker places={places} initial={tenant.id} />
      <Check name="anonymousPull" label="Anonymous pull" hint="Whoever reaches it may pull everything in it." />
    </FormDialog>
  )
}

export function HostsField({ hosts }: { hosts: readonly string[] }) {
  return (
    <Field label="Host names" hint="One a line, as clients write them: images.example.org, or with a port.">
      <TextArea name="hosts" rows={2} spellCheck={false} defaultValue={hosts.join('\n')} className="font-mono" />
    </Field>
  )
}
