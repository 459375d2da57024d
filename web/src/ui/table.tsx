import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Scroller } from './scroller.tsx'

export type Column<T> = {
  readonly head: string
  readonly cell: (row: T) => ReactNode
  /** Not on a phone: the row is understood without it. */
  readonly wide?: boolean
  readonly className?: string
  /** For buttons: its head is read out only. */
  readonly quiet?: boolean
}

type Props<T> = {
  /** What it lists, for who can't see it. */
  label: string
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
}

/** Dense rows; the first column names the row. */
export function Table<T>({ label, columns, rows, keyOf }: Props<T>) {
  return (
    <Scroller label={label}>
      <table className="w-full border-collapse text-left" aria-label={label}>
        <Head columns={columns} />
        <tbody>
          {rows.map(row => (
            <tr key={keyOf(row)} className="border-t border-line hover:bg-sunk/60">
              {columns.map((column, at) => {
                const Cell = at === 0 ? 'th' : 'td'
                return (
                  <Cell
                    key={column.head}
                    {...(at === 0 ? { scope: 'row' } : {})}
                    className={cx(
                      'px-4 align-middle font-normal break-words max-sm:px-3',
                      // As high as a line of text: buttons must not make rows taller.
                      column.quiet ? 'py-0.5' : 'py-2',
                      hidden(column),
                      column.className,
                    )}
                  >
                    {column.cell(row)}
                  </Cell>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}

/** As high as the table will be, more or less: nothing jumps when it comes. */
export function TableLoading<T>({ columns, rows = 5 }: { columns: readonly Column<T>[]; rows?: number }) {
  return (
    <div className="relative overflow-x-hidden" aria-busy="true">
      <p className="sr-only">Loading</p>
      <table className="w-full border-collapse text-left">
        <Head columns={columns} />
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
            <tr key={row} className="border-t border-line">
              {columns.map(column => (
                <td key={column.head} className={cx('px-4 py-2 max-sm:px-3', hidden(column))}>
                  <div className="skeleton my-1 h-5 w-3/5" />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Head<T>({ columns }: { columns: readonly Column<T>[] }) {
  return (
    <thead>
      <tr className="text-sm text-soft">
        {columns.map(column => (
          <th
            key={column.head}
            scope="col"
            className={cx('px-4 py-2 font-medium whitespace-nowrap max-sm:px-3', hidden(column), column.className)}
          >
            {column.quiet ? <span className="sr-only">{column.head}</span> : column.head}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** The class of a column's cells by which a phone leaves it out. */
export function hidden<T>(column: Column<T>): string | false {
  return column.wide === true && 'max-md:hidden'
}
