import { days, NumberField, numberIn } from './fields.tsx'
import type { Kind, SettingsOf } from './kind.ts'

export const retention: Kind<SettingsOf['retention']> = {
  title: 'Delete what has no tag',
  says: 'Deletes manifests that have been without a tag for some days, images and artifacts alike. What a tagged index or a signature still needs stays, and so does what is locked.',
  words: settings => `Deletes manifests that were without a tag for ${days(settings.days)}`,
  Fields: ({ settings }) => (
    <NumberField
      name="days"
      label="Days without a tag"
      hint="0: as soon as the last tag is gone."
      min={0}
      required
      value={settings?.days ?? 7}
    />
  ),
  read: fields => ({ days: numberIn(fields, 'days') ?? 0 }),
}
