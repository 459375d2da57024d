import { useId } from 'react'
import type { RoleBody } from '../../../../src/api/index.ts'
import { makeRole } from '../../api/access.ts'
import { useTenant } from '../../app/tenant.ts'
import { useChange } from '../../app/use-change.ts'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import { FormDialog, linesOf, textOf } from '../../ui/form-dialog.tsx'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Everything that a role can allow. */
  actions: readonly string[]
}

export function MakeRole({ open, onOpenChange, actions }: Props) {
  const tenant = useTenant()
  const id = useId()
  const making = useChange({
    run: (body: RoleBody) => makeRole(tenant.id, body),
    says: ({ name }) => `The role “${name}” is made`,
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New role"
      says="One action a line, such as registry/read; registry/* for all of a kind, * for everything."
      action="Create"
      wide
      change={making}
      read={fields => ({
        name: textOf(fields, 'name'),
        description: textOf(fields, 'description'),
        actions: linesOf(fields, 'actions'),
        notActions: linesOf(fields, 'notActions'),
        dataActions: linesOf(fields, 'dataActions'),
      })}
    >
      <Field label="Name">
        <TextInput name="name" required maxLength={100} />
      </Field>
      <Field label="What for">
        <TextInput name="description" maxLength={500} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Allows">
          <TextArea name="actions" spellCheck={false} className="font-mono" aria-describedby={id} />
        </Field>
        <Field label="But not">
          <TextArea name="notActions" spellCheck={false} className="font-mono" aria-describedby={id} />
        </Field>
      </div>
      <Field label="Allows on what resources hold" hint="For example registry/content/read.">
        <TextArea name="dataActions" rows={2} spellCheck={false} className="font-mono" />
      </Field>
      <details>
        <summary className="cursor-pointer text-soft hover:text-ink">All actions</summary>
        <p id={id} className="mt-2 font-mono text-sm leading-6 text-soft">
          {actions.join(' · ')}
        </p>
      </details>
    </FormDialog>
  )
}
