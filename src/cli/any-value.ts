import type { Column } from './output.ts'

/** What a query gave has no columns that we know: these are the rows and columns that `az` makes of it. */

/** A line for each of a list; lists in it are their length, objects nothing. */
export function valueLines(value: unknown): string[][] {
  if (value === null) return []
  const rows = Array.isArray(value) ? value : [value]
  return rows.map(row => (isObject(row) ? Object.values(row).map(cellOfRow) : [cell(row)]))
}

/** Objects by the names in them, lists by their places; what is nested or null in an object is left out. */
export function valueTable(value: unknown): {
  rows: Record<string, string>[]
  columns: Column<Record<string, string>>[]
} {
  const rows = (value === null ? [] : Array.isArray(value) ? value : [value]).map(tableRow)
  const titles = [...new Set(rows.flatMap(row => Object.keys(row)))]
  return { rows, columns: titles.map(title => ({ title, text: row => row[title] ?? '' })) }
}

function tableRow(value: unknown): Record<string, string> {
  if (Array.isArray(value)) return Object.fromEntries(value.map((one, at) => [`Column${at + 1}`, tableCell(one)]))
  if (!isObject(value)) return { Result: tableCell(value) }
  const shown = Object.entries(value).filter(([, one]) => one !== null && typeof one !== 'object')
  return Object.fromEntries(shown.map(([name, one]) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}`, cell(one)]))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function tableCell(value: unknown): string {
  return value === null ? '' : isObject(value) ? JSON.stringify(value) : String(value)
}

/** Scripts that were written for `az` compare with its True, False and None. */
function cellOfRow(value: unknown): string {
  if (value === true) return 'True'
  if (value === false) return 'False'
  return cell(value)
}

function cell(value: unknown): string {
  if (value === null) return 'None'
  if (Array.isArray(value)) return String(value.length)
  return isObject(value) ? '' : String(value)
}
