import type { ScopeMap, Token, TokenBody } from '../../../../src/api/index.ts'
import { makeToken } from '../../api/registries.ts'
import { useChange } from '../../app/use-change.ts'
import { Field, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { Picker } from '../../ui/picker.tsx'

type Props = {
  registry: string
  scopeMaps: readonly ScopeMap[]
  open: boolean
  onOpenChange: (open: boolean) => void
  /** With its passwords. */
  onMade: (token: Token) => void
}

const DAY_MS = 86_400_000

export function MakeToken({ registry, scopeMaps, open, onOpenChange, onMade }: Props) {
  const making = useChange({
    run: (body: TokenBody) => makeToken(registry, body),
    finish: token => {
      onOpenChange(false)
      onMade(token)
    },
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New token"
      says="It has two passwords, so that one can be replaced while the other works."
      action="Create"
      change={making}
      read={fields => {
        const days = textOf(fields, 'days')
        return {
          name: textOf(fields, 'name'),
          scopeMap: textOf(fields, 'scopeMap'),
          expiresAt: days === '' ? null : Date.now() + Number(days) * DAY_MS,
        }
      }}
    >
      <Field label="Name" hint="What clients sign in as: letters, digits, “-” and “_”, 5 to 50 in all.">
        <TextInput name="name" required minLength={5} maxLength={50} pattern="[A-Za-z0-9][A-Za-z0-9_\-]*[A-Za-z0-9]" />
      </Field>
      <ScopeMapPicker scopeMaps={scopeMaps} />
      <Field label="Days until its passwords expire" hint="Empty: they don't.">
        <TextInput name="days" type="number" min={1} max={3650} defaultValue={90} />
      </Field>
    </FormDialog>
  )
}

export function ScopeMapPicker({ scopeMaps, initial }: { scopeMaps: readonly ScopeMap[]; initial?: string }) {
  return (
    <Picker
      label="Scope map"
      name="scopeMap"
      required
      {...(initial === undefined ? {} : { initial })}
      choices={scopeMaps.map(({ name, description }) => ({
        value: name,
        label: name,
        ...(description === '' ? {} : { hint: description }),
      }))}
      hint="What it may do, in which repositories."
    />
  )
}
