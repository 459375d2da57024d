import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { cx } from './cx.ts'
import { type Column, hidden } from './table.tsx'
import { useNarrow } from './use-narrow.ts'

type Props<T> = {
  /** What it lists, for who can't see it. */
  label: string
  columns: readonly Column<T>[]
  /** The widths of the columns, as classes of a grid: with and without those that are `wide`. */
  tracks: string
  rows: readonly T[]
  keyOf: (row: T) => string
  /** Of all rows, also of those that were not read yet; undefined where nobody knows. */
  total: number | undefined
  /** Called where somebody comes near the end; undefined where there are no more. */
  onMore: (() => void) | undefined
}

// Fixed, so that nothing is measured while somebody scrolls; on a phone a name has two lines.
const HEIGHT = { wide: 41, narrow: 57 }
const OVERSCAN = 6
/** Rows before the end at which the next page is asked for: some screens. */
const AHEAD = 60

/**
 * A table of any length: only the rows that are seen are in the document, and the one that has the focus. Arrows, Page
 * Up and Down, Home and End go from row to row.
 */
export function VirtualTable<T>({ label, columns, tracks, rows, keyOf, total, onMore }: Props<T>) {
  const body = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(-1)
  const height = useNarrow() ? HEIGHT.narrow : HEIGHT.wide
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: useTop(body),
    getItemKey: index => {
      const row = rows[index]
      return row === undefined ? index : keyOf(row)
    },
    rangeExtractor: range => {
      const seen = defaultRangeExtractor(range)
      if (active < 0 || active >= rows.length || seen.includes(active)) return seen
      return [...seen, active].sort((a, b) => a - b)
    },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes were kept under the other height
  useEffect(() => virtualizer.measure(), [height])
  const items = virtualizer.getVirtualItems()
  const last = items.findLast(({ index }) => index !== active)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - AHEAD) onMore?.()
  }, [last, rows.length, onMore])

  const focusRow = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to))
    setActive(index)
    virtualizer.scrollToIndex(index, { align: 'auto' })
    requestAnimationFrame(() =>
      body.current
        ?.querySelector<HTMLElement>(`[data-index="${index}"] :is(a, button)`)
        ?.focus({ preventScroll: true }),
    )
  }
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(window.innerHeight / height) - 3)
    const steps: Record<string, number> = {
      ...{ ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page },
      ...{ Home: 0, End: rows.length - 1 },
    }
    const to = steps[event.key]
    // A menu that is open in a row has arrows of its own.
    if (to === undefined || event.defaultPrevented || event.target instanceof HTMLInputElement) return
    event.preventDefault()
    focusRow(to)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that stand where they scroll to are no table to a browser
    <div role="table" aria-label={label} aria-rowcount={total === undefined ? -1 : total + 1}>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: a row of heads is read, not worked with */}
      <div
        role="row"
        aria-rowindex={1}
        className={cx(
          'sticky top-13 z-1 grid items-center gap-x-4 rounded-t-lg border-b border-line bg-raised px-4 text-sm text-soft max-sm:px-3 lg:top-0',
          tracks,
        )}
      >
        {columns.map(column => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={column.head}
            role="columnheader"
            className={cx('truncate py-2 font-medium', hidden(column), column.className)}
          >
            {column.quiet ? <span className="sr-only">{column.head}</span> : column.head}
          </div>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div
        ref={body}
        role="rowgroup"
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={press}
        onFocus={({ target }) => setActive(indexOf(target))}
      >
        {items.map(({ index, key, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          const top = start - virtualizer.options.scrollMargin
          return <Row key={key} {...{ row, index, top, height, columns, tracks }} />
        })}
      </div>
    </div>
  )
}

type RowProps<T> = Pick<Props<T>, 'columns' | 'tracks'> & { row: T; index: number; top: number; height: number }

function OneRow<T>({ row, index, top, height, columns, tracks }: RowProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that stand where they scroll to are no table to a browser
    // biome-ignore lint/a11y/useFocusableInteractive: its link has the focus
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      className={cx(
        'absolute inset-x-0 top-0 grid items-center gap-x-4 border-b border-line px-4 last:border-b-0 hover:bg-sunk/60 max-sm:px-3',
        tracks,
      )}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      {columns.map((column, at) => (
        <div
          key={column.head}
          role={at === 0 ? 'rowheader' : 'cell'}
          className={cx('min-w-0', hidden(column), column.className)}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

// While one scrolls the table is drawn at every step, and a row only when it comes.
const Row = memo(OneRow) as typeof OneRow

/** As high as the table's first rows will be. */
export function VirtualTableLoading<T>({ columns, tracks }: Pick<Props<T>, 'columns' | 'tracks'>) {
  const height = useNarrow() ? HEIGHT.narrow : HEIGHT.wide
  return (
    <div aria-busy="true" className="pt-9">
      <p className="sr-only">Loading</p>
      {Array.from({ length: 12 }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
          key={row}
          className={cx('grid items-center gap-x-4 border-t border-line px-4 max-sm:px-3', tracks)}
          style={{ height }}
        >
          {columns.map(column => (
            <div key={column.head} className={cx('skeleton h-5 w-3/5', hidden(column))} />
          ))}
        </div>
      ))}
    </div>
  )
}

function indexOf(target: EventTarget): number {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
  return Number(row?.dataset.index ?? -1)
}

/** Where the rows begin, from the top of the document: what stands above may grow. */
function useTop(body: { current: HTMLElement | null }): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const measure = () => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY)
    const sizes = new ResizeObserver(measure)
    sizes.observe(document.body)
    measure()
    return () => sizes.disconnect()
  }, [body])
  return top
}
