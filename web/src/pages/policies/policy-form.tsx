import { useState } from 'react'
import type { Policy, PolicyBody, PolicyChange } from '../../../../src/api/index.ts'
import { changePolicy, makePolicy } from '../../api/policies.ts'
import { useChange } from '../../app/use-change.ts'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import type { SettingsOf } from './kinds/kind.ts'
import { KIND_NAMES, KINDS } from './kinds/kinds.ts'
import { PolicyPreview } from './policy-preview.tsx'

type Props = { registry: string; open: boolean; onOpenChange: (open: boolean) => void }

export function MakePolicy({ registry, open, onOpenChange }: Props) {
  const [kind, setKind] = useState<Policy['kind']>('tags')
  const read = (fields: FormData) =>
    ({
      kind,
      name: textOf(fields, 'name'),
      repositories: textOf(fields, 'repositories'),
      settings: KINDS[kind].read(fields),
    }) as PolicyBody
  const making = useChange({
    run: (body: PolicyBody) => makePolicy(registry, body),
    says: ({ name }) => `The policy “${name}” is made; regions follow within seconds`,
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New policy"
      action="Create"
      wide
      change={making}
      read={read}
    >
      <Field label="What it does" hint={KINDS[kind].says}>
        <Select
          value={kind}
          onChange={event => setKind(KIND_NAMES.find(name => name === event.target.value) ?? kind)}
          options={KIND_NAMES.map(name => ({ value: name, label: KINDS[name].title }))}
        />
      </Field>
      <Field label="Name" hint="Lower-case letters, digits and “-”.">
        <TextInput name="name" required maxLength={63} pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?" />
      </Field>
      <RepositoriesField value="*" />
      <Settings key={kind} kind={kind} settings={undefined} />
      <PolicyPreview key={`preview of ${kind}`} kind={kind} read={read} />
    </FormDialog>
  )
}

export function ChangePolicy({ registry, policy, open, onOpenChange }: Props & { policy: Policy }) {
  const { name, kind, repositories, settings } = policy
  const change = (fields: FormData): PolicyChange => ({
    repositories: textOf(fields, 'repositories'),
    settings: KINDS[kind].read(fields),
  })
  const changing = useChange({
    run: (body: PolicyChange) => changePolicy(registry, name, body),
    says: () => `“${name}” is changed; regions follow within seconds`,
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Policy “${name}”`}
      says={KINDS[kind].says}
      action="Save"
      wide
      change={changing}
      read={change}
    >
      <RepositoriesField value={repositories} />
      <Settings kind={kind} settings={settings} />
      <PolicyPreview kind={kind} read={fields => ({ kind, name, ...change(fields) }) as PolicyBody} />
    </FormDialog>
  )
}

function RepositoriesField({ value }: { value: string }) {
  return (
    <Field label="In which repositories" hint="As team/*; * stands for any run of characters, slashes too.">
      <TextInput name="repositories" required maxLength={200} defaultValue={value} spellCheck={false} />
    </Field>
  )
}

function Settings<Name extends Policy['kind']>({
  kind,
  settings,
}: {
  kind: Name
  settings: SettingsOf[Name] | undefined
}) {
  const { Fields } = KINDS[kind]
  return <Fields settings={settings} />
}
