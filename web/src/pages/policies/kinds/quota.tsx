import { bytes } from '../../../ui/bytes.ts'
import { Field, Select, TextInput } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form-dialog.tsx'
import type { Kind, SettingsOf } from './kind.ts'

type Settings = SettingsOf['quota']
const GB = 1000 ** 3

export const quota: Kind<Settings> = {
  title: 'Limit how much there is',
  says: 'Refuses pushes that would bring more bytes than there may be. Each layer counts once. What is there stays, also where it is more; what is deleted counts until its bytes are removed.',
  words: settings =>
    settings.of === 'registry'
      ? `Takes pushes while the registry holds less than ${bytes(settings.bytes)}`
      : `Takes pushes to a repository while it holds less than ${bytes(settings.bytes)}`,
  Fields: ({ settings }) => (
    <>
      <Field label="Gigabytes" hint="Of 1,000 megabytes each.">
        <TextInput
          name="gigabytes"
          type="number"
          min={0.001}
          max={1_000_000}
          step="any"
          required
          defaultValue={settings === undefined ? '' : settings.bytes / GB}
        />
      </Field>
      <Field label="What is counted" hint="Each region counts what it holds.">
        <Select
          name="of"
          defaultValue={settings?.of ?? 'registry'}
          options={[
            { value: 'registry', label: 'The registry, all of it together' },
            { value: 'repository', label: 'Each repository alone' },
          ]}
        />
      </Field>
    </>
  ),
  read: fields => ({
    bytes: Math.round(Number(textOf(fields, 'gigabytes')) * GB),
    of: textOf(fields, 'of') === 'repository' ? 'repository' : 'registry',
  }),
}
