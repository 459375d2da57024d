import { type Fields, isFields } from '../../../oci/index.ts'

/** Fields of a stranger's document, none of which need be there or be what it should. */

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Cut, in one line, and without control characters; '' where it is no text. */
export function textOf(value: unknown, most = 200): string {
  if (typeof value !== 'string') return ''
  const line = value
    .slice(0, most * 2)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toWellFormed()
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`
}

/** An address that a page may link to. */
export function urlOf(value: unknown): string {
  const text = textOf(value, 500)
  return /^https?:\/\/[^\s"<>]+$/.test(text) && !text.endsWith('…') ? text : ''
}

export function scoreOf(value: unknown): number | null {
  const score = typeof value === 'string' && value.length < 10 && value.trim() !== '' ? Number(value) : value
  return typeof score === 'number' && score >= 0 && score <= 10 ? score : null
}
