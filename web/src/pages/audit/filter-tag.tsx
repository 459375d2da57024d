import { X } from 'lucide-react'
import type { FilterName } from '../../api/audit.ts'
import { LABELS, wordsFor } from './filter-words.ts'

type Props = { name: FilterName; value: string; onDrop: () => void }

/** One thing that holds, and the way to be rid of it. */
export function FilterTag({ name, value, onDrop }: Props) {
  return (
    <span className="inline-flex h-7 max-w-full items-center rounded-md border border-water/25 bg-wash pl-2.5 text-sm text-water-deep">
      <span className="truncate">
        {LABELS[name]}: {wordsFor(name, value)}
      </span>
      <button
        type="button"
        aria-label={`Without the filter ${LABELS[name]}`}
        onClick={onDrop}
        className="flex size-7 shrink-0 items-center justify-center rounded-md hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  )
}
