import type { ScopeMap, ScopeMapBody, ScopeMapChange } from '../../../../src/api/index.ts'
import { changeScopeMap, makeScopeMap } from '../../api/registries.ts'
import { useChange } from '../../app/use-change.ts'
import { Field, TextArea, TextInput } from '../../ui/field.tsx'
import { FormDialog, linesOf, textOf } from '../../ui/form-dialog.tsx'

type Props = { registry: string; open: boolean; onOpenChange: (open: boolean) => void }

export function MakeScopeMap({ registry, open, onOpenChange }: Props) {
  const making = useChange({
    run: (body: ScopeMapBody) => makeScopeMap(registry, body),
    says: ({ name }) => `The scope map “${name}” is made`,
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New scope map"
      action="Create"
      wide
      change={making}
      read={fields => ({
        name: textOf(fields, 'name'),
        description: textOf(fields, 'description'),
        actions: linesOf(fields, 'actions'),
      })}
    >
      <Field label="Name" hint="Letters, digits and “-”, 5 to 64 in all.">
        <TextInput name="name" required minLength={5} maxLength={64} pattern="[A-Za-z0-9][A-Za-z0-9\-]*[A-Za-z0-9]" />
      </Field>
      <Rest description="" actions={[]} />
    </FormDialog>
  )
}

export function ChangeScopeMap({ registry, scopeMap, open, onOpenChange }: Props & { scopeMap: ScopeMap }) {
  const { name, description, actions } = scopeMap
  const changing = useChange({
    run: (body: ScopeMapChange) => changeScopeMap(registry, name, body),
    says: () => `“${name}” is changed; its tokens follow within seconds`,
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Scope map “${name}”`}
      action="Save"
      wide
      change={changing}
      read={fields => {
        const wanted = linesOf(fields, 'actions')
        return {
          description: textOf(fields, 'description'),
          add: wanted.filter(line => !actions.includes(line)),
          remove: actions.filter(line => !wanted.includes(line)),
        }
      }}
    >
      <Rest description={description} actions={actions} />
    </FormDialog>
  )
}

function Rest({ description, actions }: { description: string; actions: readonly string[] }) {
  return (
    <>
      <Field label="What for">
        <TextInput name="description" maxLength={256} defaultValue={description} />
      </Field>
      <Field
        label="Allows"
        hint="One a line, as repositories/team/app/content/read. A name may be * or end in /*; then content/read, content/write, content/delete, metadata/read or metadata/write."
      >
        <TextArea
          name="actions"
          rows={6}
          required
          spellCheck={false}
          defaultValue={actions.join('\n')}
          className="font-mono"
        />
      </Field>
    </>
  )
}
