import { ListFilter } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { type AuditFilter, FILTERS } from '../../api/audit.ts'
import { Button } from '../../ui/button.tsx'
import { ChainPicker } from './chain-picker.tsx'
import { FilterForm } from './filter-form.tsx'
import { FilterTag } from './filter-tag.tsx'

type Props = { filter: AuditFilter; onChange: (filter: AuditFilter) => void }

const SPANS = [
  ['Last hour', 3_600_000],
  ['24 hours', 86_400_000],
  ['7 days', 7 * 86_400_000],
] as const

/** What is to be seen: what holds always stands there, the fields when they are asked for. */
export function Filters({ filter, onChange }: Props) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  /** What had the focus goes away with it. */
  const change = (next: AuditFilter) => {
    button.current?.focus()
    onChange(next)
  }
  return (
    <section aria-label="Filter" className="mb-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button ref={button} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <ListFilter aria-hidden />
          Filter
        </Button>
        <ChainPicker region={filter.region} onChange={region => onChange({ ...filter, region })} />
        {FILTERS.map(name => {
          const value = filter[name]
          if (value === undefined) return null
          return <FilterTag key={name} name={name} value={value} onDrop={() => change({ ...filter, [name]: '' })} />
        })}
        {filter.from === undefined && filter.to === undefined
          ? SPANS.map(([label, span]) => (
              <Button
                key={label}
                look="ghost"
                size="small"
                onClick={() => change({ ...filter, from: new Date(Date.now() - span).toISOString() })}
              >
                {label}
              </Button>
            ))
          : null}
      </div>
      <div id={id} hidden={!open}>
        <FilterForm
          key={JSON.stringify(filter)}
          filter={filter}
          onApply={next => {
            setOpen(false)
            change(next)
          }}
        />
      </div>
    </section>
  )
}
