import { linesOf } from '../../../ui/form-dialog.tsx'
import { PatternsField, quoted } from './fields.tsx'
import type { Kind, SettingsOf } from './kind.ts'

export const immutable: Kind<SettingsOf['immutable']> = {
  title: 'Never move tags',
  says: 'Refuses to push a tag again that is there already, and to delete it. What a release is called then always means the same bytes.',
  words: settings => `Refuses to move or delete tags ${quoted(settings.tags)}`,
  Fields: ({ settings }) => (
    <PatternsField
      name="tags"
      label="Tags that stay"
      hint="One a line; * stands for any run of characters."
      required
      value={settings?.tags ?? ['v*']}
    />
  ),
  read: fields => ({ tags: linesOf(fields, 'tags') }),
}
