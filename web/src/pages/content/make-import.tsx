import type { ImportBody } from '../../../../src/api/index.ts'
import type { Place } from '../../api/content.ts'
import { makeImport } from '../../api/imports.ts'
import { useChange } from '../../app/use-change.ts'
import { Check, Field, TextInput } from '../../ui/field.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'

type Props = { place: Place; open: boolean; onOpenChange: (open: boolean) => void }

/** Takes an image or a whole repository over from another registry. */
export function MakeImport({ place, open, onOpenChange }: Props) {
  const making = useChange({
    run: (body: ImportBody) => makeImport(place, body),
    says: ({ source }) => `The import of ${source} is begun`,
    finish: () => onOpenChange(false),
  })
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="New import"
      says="It goes on by itself, also where a process dies."
      action="Import"
      change={making}
      read={(fields): ImportBody => {
        const [repository, username] = [textOf(fields, 'repository'), textOf(fields, 'username')]
        // As it was typed: a space may belong to it.
        const password = fields.get('password')
        return {
          source: textOf(fields, 'source'),
          allTags: fields.has('allTags'),
          force: fields.has('force'),
          plainHttp: fields.has('plainHttp'),
          ...(repository ? { repository } : {}),
          ...(username ? { username } : {}),
          ...(typeof password === 'string' && password !== '' ? { password } : {}),
        }
      }}
    >
      <Field label="From" hint="As docker names it: registry.example.org/team/app:1.2, or with a digest.">
        <TextInput name="source" required maxLength={1024} spellCheck={false} className="font-mono" />
      </Field>
      <Field label="To" hint="A repository of this registry; the same name where it is left empty.">
        <TextInput name="repository" maxLength={255} spellCheck={false} className="font-mono" />
      </Field>
      <Check name="allTags" label="All tags" hint="The source is a repository then." />
      <Check
        name="force"
        label="Move tags that are in use"
        hint="Else a tag that leads elsewhere here is left as it is."
      />
      <Field
        label="User name at the source"
        hint="Where it asks for one. It is sealed, and forgotten when the import ends."
      >
        <TextInput name="username" maxLength={1000} />
      </Field>
      <Field label="Password or token">
        <TextInput name="password" type="password" autoComplete="new-password" maxLength={16_000} />
      </Field>
      <Check name="plainHttp" label="Without TLS" hint="For a source on this machine or in a closed network." />
    </FormDialog>
  )
}
