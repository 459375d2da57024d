import { Search } from 'lucide-react'

type Props = { label: string; value: string; onChange: (value: string) => void }

/** Narrows the list below it while one types. */
export function SearchBox({ label, value, onChange }: Props) {
  return (
    <div className="relative w-full sm:w-72">
      <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-soft" />
      <input
        type="search"
        value={value}
        onChange={event => onChange(event.target.value)}
        aria-label={label}
        placeholder={label}
        className="h-9 w-full rounded-md border border-edge bg-raised pr-3 pl-9 placeholder:text-soft"
      />
    </div>
  )
}

/** Whether one of the texts has it, in any case. */
export function matches(wanted: string, ...texts: readonly string[]): boolean {
  const part = wanted.trim().toLowerCase()
  return texts.some(text => text.toLowerCase().includes(part))
}
