import { stripVTControlCharacters, styleText } from 'node:util'
import type { ApiOptions } from './api-client.ts'

export type Column<T> = { title: string; text: (row: T) => string }

type Listed<T> = { rows: readonly T[]; columns: readonly Column<T>[]; empty: string }

/** Data to stdout in the form that was asked for; `whole` is what json and yaml show. */
export async function show<T>(options: Pick<ApiOptions, 'output'>, whole: unknown, listed: Listed<T>): Promise<void> {
  if (options.output === 'json') return write(`${JSON.stringify(whole, null, 2)}\n`)
  if (options.output === 'yaml') {
    const { stringify } = await import('yaml')
    return write(stringify(whole))
  }
  const { rows, columns, empty } = listed
  if (options.output === 'tsv') {
    const lines = [
      columns.map(column => column.title),
      ...rows.map(row => columns.map(column => plain(column.text(row)))),
    ]
    return write(lines.map(line => `${line.join('\t')}\n`).join(''))
  }
  if (rows.length === 0) return say(empty)
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY
  write(table(rows, columns, width, text => styleText('bold', text, { stream: process.stdout })))
}

/** Talk: to stderr, so that pipes carry data alone. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Columns as wide as they need; where that is more than the terminal has, the widest are cut with "…". */
export function table<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  width: number,
  head: (text: string) => string = text => text,
): string {
  const cells = [
    columns.map(column => column.title),
    ...rows.map(row => columns.map(column => clean(column.text(row)))),
  ]
  const widths = columns.map((_, i) => Math.max(...cells.map(line => line[i]?.length ?? 0)))
  const gaps = 2 * (columns.length - 1)
  for (let over = sum(widths) + gaps - width; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= 4) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return cells
    .map((line, at) => {
      const text = line.map((cell, i) => cut(cell, widths[i] ?? 0).padEnd(widths[i] ?? 0)).join('  ')
      return `${at === 0 ? head(text.trimEnd()) : text.trimEnd()}\n`
    })
    .join('')
}

/** `3 s`, `12 min`, `5 h`, `9 d`: one number is enough in a table. */
export function ago(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 90) return `${s} s`
  if (s < 90 * 60) return `${Math.round(s / 60)} min`
  if (s < 36 * 3600) return `${Math.round(s / 3600)} h`
  return `${Math.round(s / 86400)} d`
}

/** As Azure writes times; nothing where there is none. */
export function timeText(ms: number | null | undefined): string {
  return ms ? new Date(ms).toISOString().replace('.000Z', 'Z') : ''
}

function write(text: string): void {
  process.stdout.write(text)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

/** What a server sends must not steer the terminal. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it takes out
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

function plain(text: string): string {
  return clean(text).replaceAll('\t', ' ')
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}
