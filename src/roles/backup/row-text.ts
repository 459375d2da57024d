import { z } from 'zod'
import type { Row } from '../../kernel/index.ts'

const Value = z.union([z.string(), z.number(), z.null(), z.strictObject({ $bytes: z.base64() })])
const Line = z.record(z.string(), Value)

/** One row as a line of JSON; bytes as `{"$bytes":"<base64>"}`. */
export function formatRow(row: Row): string {
  const plain: Record<string, unknown> = {}
  for (const [column, value] of Object.entries(row)) {
    // Not by a replacer: a Buffer's own toJSON would come first.
    plain[column] = value instanceof Uint8Array ? { $bytes: toBuffer(value).toString('base64') } : value
  }
  return JSON.stringify(plain)
}

/** Throws a ZodError or a SyntaxError where the line was not written by `formatRow`. */
export function parseRow(line: string): Row {
  const row: Row = {}
  for (const [column, value] of Object.entries(Line.parse(JSON.parse(line)))) {
    row[column] = typeof value === 'object' && value !== null ? Buffer.from(value.$bytes, 'base64') : value
  }
  return row
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
