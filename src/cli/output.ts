import { stripVTControlCharacters, styleText } from 'node:util'
import { valueLines, valueTable } from './any-value.ts'
import type { Output } from './output-options.ts'

export type Column<T> = { title: string; text: (row: T) => string }

type Listed<T> = { rows: readonly T[]; columns: readonly Column<T>[]; empty: string }

/** Data to stdout in the form that was asked for; `whole` is what json, yaml and queries see. */
export async function show<T>(options: Output, whole: unknown, listed?: Listed<T>): Promise<void> {
  const { output, query } = options
  if (listed && query === undefined && output === 'table') return writeTable(listed)
  if (listed && query === undefined && output === 'tsv') {
    return write(tsv(listed.rows.map(row => listed.columns.map(column => column.text(row)))))
  }
  write(await textOf(options, whole))
}

/** Of what has no columns, and of what a query gives. */
export async function textOf({ output, query }: Output, whole: unknown): Promise<string> {
  const asked = query === undefined ? whole : await (await import('./query.ts')).answerQuery(query, whole)
  if (output === 'json') return `${JSON.stringify(asked, null, 2)}\n`
  if (output === 'yaml') return (await import('yaml')).stringify(asked)
  if (output === 'tsv') return tsv(valueLines(asked))
  const { rows, columns } = valueTable(asked)
  return rows.length === 0 ? '' : table(rows, columns, terminalWidth(), bold)
}

function writeTable<T>({ rows, columns, empty }: Listed<T>): void {
  if (rows.length === 0) say(empty)
  else write(table(rows, columns, terminalWidth(), bold))
}

function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout })
}

/** As `az` has it: no line of titles. */
function tsv(lines: readonly string[][]): string {
  return lines.map(line => `${line.map(plain).join('\t')}\n`).join('')
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
