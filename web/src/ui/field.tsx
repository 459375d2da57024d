import { Field as Base } from '@base-ui/react/field'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

const CONTROL = cx(
  'w-full rounded-md border border-edge bg-raised px-3 text-ink placeholder:text-soft',
  'disabled:opacity-60 data-invalid:border-danger',
)

type FieldProps = { label: string; hint?: ReactNode; children: ReactNode; className?: string }

/** A labelled control; what the browser finds wrong stands under it. */
export function Field({ label, hint, children, className }: FieldProps) {
  return (
    <Base.Root className={cx('flex flex-col gap-1', className)}>
      <Base.Label className="font-medium">{label}</Base.Label>
      {children}
      {hint === undefined ? null : <Base.Description className="text-sm text-soft">{hint}</Base.Description>}
      <Base.Error className="text-sm text-danger" />
    </Base.Root>
  )
}

export function TextInput({
  className,
  ...rest
}: Omit<ComponentProps<typeof Base.Control>, 'className'> & { className?: string }) {
  return <Base.Control autoComplete="off" className={cx(CONTROL, 'h-9', className)} {...rest} />
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <Base.Control render={<textarea rows={4} {...rest} />} className={cx(CONTROL, 'py-2', className)} />
}

type SelectProps = Omit<ComponentProps<'select'>, 'className'> & {
  options: readonly { value: string; label: string }[]
}

/** The system's own list: it works with every keyboard, screen reader and phone. */
export function Select({ options, ...rest }: SelectProps) {
  return (
    <Base.Control
      className={cx(CONTROL, 'h-9 pr-8')}
      render={
        <select {...rest}>
          {options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      }
    />
  )
}

type CheckProps = Omit<ComponentProps<'input'>, 'type' | 'className'> & { label: ReactNode; hint?: ReactNode }

export function Check({ label, hint, ...rest }: CheckProps) {
  return (
    <label className="flex items-start gap-2.5">
      <input type="checkbox" className="mt-0.75 size-4 shrink-0" {...rest} />
      <span>
        {label}
        {hint === undefined ? null : <span className="block text-sm text-soft">{hint}</span>}
      </span>
    </label>
  )
}
