import { useEffect, useRef, useState } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { Button } from './button.tsx'
import { cx } from './cx.ts'
import { type Column, Table } from './table.tsx'

export type Series = {
  readonly label: string
  readonly values: readonly number[]
  readonly tone: keyof typeof TONES
}

/** Told apart without colours too: each has its own dashes. */
const TONES = {
  water: { className: 'text-water', dash: [] },
  good: { className: 'text-good', dash: [6, 3] },
  warn: { className: 'text-warn', dash: [2, 3] },
  danger: { className: 'text-danger', dash: [8, 3, 2, 3] },
}

type Props = {
  /** What it shows, for who can't see it. */
  label: string
  /** UTC milliseconds, the oldest first. */
  times: readonly number[]
  series: readonly Series[]
  format: (value: number) => string
}

const HEIGHT = 180
const MINUTE_MS = 60_000
/** What was just begun fills from the right. */
const LEAST_MS = 5 * MINUTE_MS
/** No finer than what is written at them. */
const STEPS_MS = [1, 5, 15, 60, 180, 360, 720, 1440, 2880, 5760].map(minutes => minutes * MINUTE_MS)
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Lines over time; the same as a table for who wants numbers, or can't see lines. */
export function TimeChart({ label, times, series, format }: Props) {
  const [asTable, setAsTable] = useState(false)
  const [at, setAt] = useState<number>()
  return (
    <figure className="px-4 py-3 max-sm:px-3">
      <figcaption className="flex items-start justify-between gap-x-4">
        <span className="font-medium">{label}</span>
        <Button size="small" look="ghost" className="-mt-0.5 -mr-2" onClick={() => setAsTable(!asTable)}>
          {asTable ? 'As a chart' : 'As a table'}
          <span className="sr-only">: {label}</span>
        </Button>
      </figcaption>
      {asTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too
        <section tabIndex={0} aria-label={label} className="mt-2 max-h-72 overflow-y-auto">
          <Table
            label={label}
            columns={columnsOf(series, format)}
            rows={rowsOf(times)}
            keyOf={({ at: row }) => String(row)}
          />
        </section>
      ) : (
        <>
          <Lines label={label} times={times} series={series} format={format} onPoint={setAt} />
          <Legend series={series} format={format} at={at} when={at === undefined ? undefined : times[at]} />
        </>
      )}
    </figure>
  )
}

type Row = { time: number; at: number }

/** The newest first. */
function rowsOf(times: readonly number[]): Row[] {
  return times.map((time, at) => ({ time, at })).reverse()
}

function columnsOf(series: readonly Series[], format: Props['format']): Column<Row>[] {
  return [
    { head: 'From', cell: ({ time }) => whole.format(time) },
    ...series.map(({ label, values }) => ({ head: label, cell: ({ at }: Row) => format(values[at] ?? 0) })),
  ]
}

type LegendProps = Pick<Props, 'series' | 'format'> & { at: number | undefined; when: number | undefined }

/** What each line is, and its value where one points. */
function Legend({ series, format, at, when }: LegendProps) {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {series.map(({ label, values, tone }) => (
        <span key={label} className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" width="20" height="8" className={TONES[tone].className}>
            <line
              x1="0"
              y1="4"
              x2="20"
              y2="4"
              stroke="currentColor"
              strokeWidth="2"
              strokeDasharray={TONES[tone].dash.join(' ')}
            />
          </svg>
          {label}
          {at === undefined ? null : <span className="tabular-nums">{format(values[at] ?? 0)}</span>}
        </span>
      ))}
      {when === undefined ? null : <span className="text-soft">{whole.format(when)}</span>}
    </div>
  )
}

function Lines({ label, times, series, format, onPoint }: Props & { onPoint: (at: number | undefined) => void }) {
  const box = useRef<HTMLDivElement>(null)
  const shown = useRef({ format, onPoint })
  shown.current = { format, onPoint }
  const plot = useRef<UPlot>(null)
  const tones = series.map(({ tone }) => tone).join()

  useEffect(() => {
    const outer = box.current
    if (!outer) return undefined
    const made = new UPlot(optionsOf(outer, tones.split(',') as Series['tone'][], shown), undefined, outer)
    plot.current = made
    const sizes = new ResizeObserver(() => made.setSize({ width: outer.clientWidth, height: HEIGHT }))
    sizes.observe(outer)
    // Its colours are those of the moment in which it is drawn.
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const redraw = () => made.redraw()
    dark.addEventListener('change', redraw)
    const theme = new MutationObserver(redraw)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      sizes.disconnect()
      theme.disconnect()
      dark.removeEventListener('change', redraw)
      made.destroy()
    }
  }, [tones])

  useEffect(() => {
    plot.current?.setData([[...times], ...series.map(({ values }) => [...values])])
  }, [times, series])

  return (
    <div
      ref={box}
      role="img"
      aria-label={`${label}, as lines; the button above shows the numbers`}
      className="relative my-2 h-45"
    >
      {Object.entries({ soft: 'text-soft', line: 'text-line', ...toneClasses }).map(([name, className]) => (
        <span key={name} data-colour={name} className={cx('hidden', className)} />
      ))}
    </div>
  )
}

const toneClasses = Object.fromEntries(Object.entries(TONES).map(([name, { className }]) => [name, className]))

type Shown = { current: Pick<Props, 'format'> & { onPoint: (at: number | undefined) => void } }

function optionsOf(outer: HTMLElement, tones: readonly Series['tone'][], shown: Shown): UPlot.Options {
  const colour = (name: string) => () => {
    const sample = outer.querySelector(`[data-colour=${name}]`)
    return sample ? getComputedStyle(sample).color : ''
  }
  const font = `12px ${getComputedStyle(outer).fontFamily}`
  const axis = { font, stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } }
  return {
    width: outer.clientWidth,
    height: HEIGHT,
    ms: 1,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: (_, from, to) => [Math.min(from, to - LEAST_MS), to] },
      y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] },
    },
    axes: [
      { ...axis, space: 80, size: 28, incrs: STEPS_MS, values: (_, splits) => splits.map(tick) },
      { ...axis, space: 30, size: 70, values: (_, splits) => splits.map(value => shown.current.format(value)) },
    ],
    series: [
      {},
      ...tones.map(tone => ({ stroke: colour(tone), width: 2, dash: TONES[tone].dash, points: { show: isAlone } })),
    ],
    hooks: { setCursor: [({ cursor: { idx } }) => shown.current.onPoint(idx ?? undefined)] },
  }
}

/** A day by its date, at the midnight that it begins with. */
function tick(time: number): string {
  const at = new Date(time)
  return at.getHours() === 0 && at.getMinutes() === 0 ? day.format(at) : clock.format(at)
}

/** A line takes two. */
function isAlone({ data: [times] }: UPlot): boolean {
  return times.length === 1
}
