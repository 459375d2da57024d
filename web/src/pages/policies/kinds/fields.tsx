import { Field, TextArea, TextInput } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form-dialog.tsx'

type NumberProps = {
  name: string
  label: string
  hint: string
  min: number
  max?: number
  value: number | null | undefined
  required?: boolean
}

export function NumberField({ name, label, hint, min, max = 3650, value, required = false }: NumberProps) {
  return (
    <Field label={label} hint={hint}>
      <TextInput name={name} type="number" min={min} max={max} required={required} defaultValue={value ?? ''} />
    </Field>
  )
}

type PatternsProps = { name: string; label: string; hint: string; value: readonly string[]; required?: boolean }

export function PatternsField({ name, label, hint, value, required = false }: PatternsProps) {
  return (
    <Field label={label} hint={hint}>
      <TextArea
        name={name}
        rows={2}
        required={required}
        spellCheck={false}
        defaultValue={value.join('\n')}
        className="font-mono"
      />
    </Field>
  )
}

/** null where the field is empty: no such rule. */
export function numberIn(fields: FormData, name: string): number | null {
  const text = textOf(fields, name)
  return text === '' ? null : Number(text)
}

/** `v1 *, latest`, in words. */
export function quoted(patterns: readonly string[]): string {
  return patterns.map(pattern => `“${pattern}”`).join(', ')
}

export function days(count: number): string {
  return count === 1 ? '1 day' : `${count.toLocaleString()} days`
}
