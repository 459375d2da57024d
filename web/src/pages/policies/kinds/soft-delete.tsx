import { days, NumberField, numberIn } from './fields.tsx'
import type { Kind, SettingsOf } from './kind.ts'

export const softDelete: Kind<SettingsOf['soft-delete']> = {
  title: 'Keep what is deleted',
  says: 'Puts what is deleted, by hand or by a policy, into the trash, from where it can be restored until its days are over. Until then it takes up room.',
  words: settings => `What is deleted can be restored for ${days(settings.days)}`,
  Fields: ({ settings }) => (
    <NumberField
      name="days"
      label="Days in the trash"
      hint="At most 90."
      min={1}
      max={90}
      required
      value={settings?.days ?? 7}
    />
  ),
  read: fields => ({ days: numberIn(fields, 'days') ?? 7 }),
}
