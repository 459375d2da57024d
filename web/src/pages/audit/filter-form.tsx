import { type FormEvent, useId } from 'react'
import { type AuditFilter, FILTERS } from '../../api/audit.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Select, TextInput } from '../../ui/field.tsx'
import { textOf } from '../../ui/form-dialog.tsx'
import { LABELS } from './filter-words.ts'
import { useNames } from './names.ts'
import { RESULTS } from './result-badge.tsx'

type Props = { filter: AuditFilter; onApply: (filter: AuditFilter) => void }

export function FilterForm({ filter, onApply }: Props) {
  const { principals } = useNames()
  const known = useId()
  const region = filter.region === undefined ? {} : { region: filter.region }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const texts = Object.fromEntries(FILTERS.map(name => [name, textOf(fields, name)]))
    onApply({ ...region, ...texts, from: timeOf(fields, 'from'), to: timeOf(fields, 'to') })
  }
  return (
    <form
      onSubmit={submit}
      className="mt-3 grid items-start gap-3 rounded-lg border border-line bg-raised p-4 sm:grid-cols-2 lg:grid-cols-3"
    >
      <Field label={LABELS.actor} hint="Its id; names of this tenant are offered.">
        <TextInput name="actor" defaultValue={filter.actor} list={known} maxLength={2048} />
      </Field>
      <datalist id={known}>
        {principals.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </datalist>
      <Field label={LABELS.action} hint="Exactly, as in role/write.">
        <TextInput name="action" defaultValue={filter.action} maxLength={2048} />
      </Field>
      <Field label={LABELS.resource} hint="The whole of it, as a record says it.">
        <TextInput name="resource" defaultValue={filter.resource} maxLength={2048} />
      </Field>
      <Field label={LABELS.result}>
        <Select
          name="result"
          defaultValue={filter.result ?? ''}
          options={[
            { value: '', label: 'Any' },
            ...Object.entries(RESULTS).map(([value, { label }]) => ({ value, label })),
          ]}
        />
      </Field>
      <Field label={LABELS.from}>
        <TextInput name="from" type="datetime-local" step={1} defaultValue={localOf(filter.from)} />
      </Field>
      <Field label={LABELS.to}>
        <TextInput name="to" type="datetime-local" step={1} defaultValue={localOf(filter.to)} />
      </Field>
      <div className="col-span-full flex justify-end gap-2">
        <Button onClick={() => onApply(region)}>Clear</Button>
        <Button type="submit" look="primary">
          Apply
        </Button>
      </div>
    </form>
  )
}

/** As the field wants it: without a zone, in that of the browser. */
function localOf(iso: string | undefined): string {
  const time = iso === undefined ? Number.NaN : Date.parse(iso)
  if (Number.isNaN(time)) return ''
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

function timeOf(fields: FormData, name: string): string {
  const time = Date.parse(textOf(fields, name))
  return Number.isNaN(time) ? '' : new Date(time).toISOString()
}
