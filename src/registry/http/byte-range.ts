import type { ByteRange } from '../../kernel/index.ts'
import { RangeMalformed, RangeUnsatisfiable } from '../failures.ts'
import type { ChunkRange } from '../uploads/uploads.ts'

// ACR's SDK resumes with "<first>-", without a unit.
const SINGLE = /^(?:bytes=)?\s*(\d*)-(\d*)\s*$/
const CHUNK = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/(?:\*|\d+))?$/

/**
 * The one range that a `Range` header asks of `size` bytes; undefined where all of it is to be sent: no header, a unit
 * that nobody knows, or several ranges, which RFC 9110 lets a server ignore. Throws `RangeUnsatisfiable`.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined
  const match = SINGLE.exec(header)
  if (!match) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  if (first === '') {
    const length = Math.min(Number(last), size)
    if (length === 0) throw RangeUnsatisfiable(size)
    return { from: size - length, to: size - 1 }
  }
  const from = Number(first)
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (from >= size || from > to) throw RangeUnsatisfiable(size)
  return { from, to }
}

/** Where a chunk belongs; undefined without a header. Throws `RangeMalformed`. */
export function parseChunkRange(header: string | undefined): ChunkRange | undefined {
  if (header === undefined) return undefined
  const match = CHUNK.exec(header.trim())
  const from = Number(match?.[1])
  const to = Number(match?.[2])
  if (!match || to < from || !Number.isSafeInteger(to)) throw RangeMalformed(header)
  return { from, to }
}
