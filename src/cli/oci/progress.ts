import { styleText } from 'node:util'
import type { Clock } from '../../kernel/index.ts'

/** What a transfer tells people: bars that are drawn over each other on a terminal, else a line for each thing that is done. */
export type Progress = {
  /** How many bytes there are in all. */
  expect(bytes: number): void
  /** One thing is at byte `at` of `size`; `done` says how it ended. */
  at(key: string, label: string, at: number, size: number, done?: string): void
  /** A line that stays. */
  say(line: string): void
  end(): void
}

type Screen = { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }
type Bar = { label: string; at: number; size: number }

const mostBars = 6
// Often enough to look alive, seldom enough to cost nothing.
const every = 80

type Look = { readonly quiet?: boolean; readonly color?: boolean }

export function createProgress(
  screen: Screen,
  clock: Pick<Clock, 'monotonic'>,
  { quiet = false, color = false }: Look = {},
): Progress {
  const width = { bar: Math.max(4, Math.min(24, (screen.columns || 80) - 56)), color }
  const bars = new Map<string, Bar>()
  const live = screen.isTTY === true && !quiet
  const began = clock.monotonic()
  let total = 0
  let finished = 0
  let drawn = 0
  let last = Number.NEGATIVE_INFINITY

  const clear = () => {
    if (drawn > 0) screen.write(`\u001b[${drawn}A\u001b[J`)
    drawn = 0
  }
  const draw = () => {
    clear()
    const rows = [...bars.values()].slice(0, mostBars).map(bar => row(width, bar.label, bar.at, bar.size))
    const done = finished + [...bars.values()].reduce((sum, bar) => sum + bar.at, 0)
    if (total > 0) rows.push(row(width, 'total', done, total, rate(done, clock.monotonic() - began)))
    for (const line of rows) screen.write(`${line}\n`)
    drawn = rows.length
    last = clock.monotonic()
  }

  return {
    expect(bytes) {
      total = bytes
    },
    at(key, label, at, size, done) {
      if (done !== undefined) {
        bars.delete(key)
        finished += size
        this.say(`${done.padEnd(8)} ${label} ${formatBytes(size)}`)
      } else {
        bars.set(key, { label, at, size })
        if (live && clock.monotonic() - last >= every) draw()
      }
    },
    say(line) {
      if (quiet) return
      clear()
      screen.write(`${line}\n`)
      if (live && bars.size > 0) draw()
    },
    end: clear,
  }
}

type Width = { bar: number; color: boolean }

function row(width: Width, label: string, at: number, size: number, more = ''): string {
  const share = size === 0 ? 1 : Math.min(1, at / size)
  const full = Math.round(share * width.bar)
  const [done, left] = ['━'.repeat(full), '╌'.repeat(width.bar - full)]
  const paint = (style: 'cyan' | 'dim', text: string) =>
    width.color ? styleText(style, text, { validateStream: false }) : text
  const percent = String(Math.floor(share * 100)).padStart(3)
  return `${label.slice(0, 24).padEnd(24)} ${paint('cyan', done)}${paint('dim', left)} ${percent} % ${formatBytes(size)}${more}`
}

function rate(bytes: number, ms: number): string {
  return ms < 500 ? '' : `, ${formatBytes((bytes * 1000) / ms)}/s`
}

export function formatBytes(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3))
  return step === 0
    ? `${Math.round(bytes)} B`
    : `${(bytes / 1000 ** step).toFixed(1)} ${['', 'kB', 'MB', 'GB', 'TB'][step]}`
}
