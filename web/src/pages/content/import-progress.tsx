import type { Import } from '../../../../src/api/index.ts'
import { bytes } from '../../ui/bytes.ts'

/** How much of the bytes that are known so far is here. */
export function ImportProgress({ of: { progress, source } }: { of: Import }) {
  const { done, total } = progress.bytes
  return (
    <span className="flex flex-wrap items-center gap-2">
      <progress
        aria-label={`Import of ${source}`}
        className="h-2 w-28 accent-water"
        max={Math.max(1, total)}
        {...(total === 0 ? {} : { value: done })}
      />
      <span className="text-sm text-soft tabular-nums">
        {total === 0 ? 'Looking' : `${bytes(done)} of ${bytes(total)}`}
      </span>
    </span>
  )
}
