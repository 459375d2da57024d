import { Check } from '../../../ui/field.tsx'
import { linesOf } from '../../../ui/form-dialog.tsx'
import { days, NumberField, numberIn, PatternsField, quoted } from './fields.tsx'
import type { Kind, SettingsOf } from './kind.ts'

const NONE = 'Empty: no such rule.'

export const tags: Kind<SettingsOf['tags']> = {
  title: 'Take off old tags',
  says: 'Looks at the tags that match, and takes off each that none of the rules below keeps. A tag is kept as soon as one rule keeps it; locked and immutable tags stay always.',
  words({ tags: which, keepLast, keepPushedDays, keepPulledDays, keepMatching, deleteManifests }) {
    const kept = [
      ...(keepLast === null ? [] : [keepLast === 1 ? 'the newest' : `the newest ${keepLast.toLocaleString()}`]),
      ...(keepPushedDays === null ? [] : [`those pushed within ${days(keepPushedDays)}`]),
      ...(keepPulledDays === null ? [] : [`those pulled within ${days(keepPulledDays)}`]),
      ...(keepMatching.length === 0 ? [] : [quoted(keepMatching)]),
    ]
    const of = which.includes('*') ? 'all tags' : `tags ${quoted(which)}`
    return `Of ${of} keeps ${kept.join(' and ')}${deleteManifests ? '; manifests left without a tag go too' : ''}`
  },
  Fields: ({ settings }) => (
    <>
      <PatternsField
        name="tags"
        label="Tags that it looks at"
        hint="One a line; * stands for any run of characters. All others are left alone."
        required
        value={settings?.tags ?? ['*']}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <NumberField
          name="keepLast"
          label="Keep the newest"
          hint={NONE}
          min={1}
          max={10_000}
          value={settings ? settings.keepLast : 10}
        />
        <NumberField
          name="keepPushedDays"
          label="Keep, pushed within days"
          hint={NONE}
          min={1}
          value={settings?.keepPushedDays}
        />
        <NumberField
          name="keepPulledDays"
          label="Keep, pulled within days"
          hint={NONE}
          min={1}
          value={settings?.keepPulledDays}
        />
      </div>
      <PatternsField
        name="keepMatching"
        label="Keep always"
        hint="One a line, as v*. Empty: none is kept for its name."
        value={settings?.keepMatching ?? []}
      />
      <Check
        name="deleteManifests"
        defaultChecked={settings?.deleteManifests ?? false}
        label="Delete manifests that lose their last tag by it"
        hint="Otherwise they stay, and can be pulled by digest."
      />
    </>
  ),
  read: fields => ({
    tags: linesOf(fields, 'tags'),
    keepLast: numberIn(fields, 'keepLast'),
    keepPushedDays: numberIn(fields, 'keepPushedDays'),
    keepPulledDays: numberIn(fields, 'keepPulledDays'),
    keepMatching: linesOf(fields, 'keepMatching'),
    deleteManifests: fields.has('deleteManifests'),
  }),
}
