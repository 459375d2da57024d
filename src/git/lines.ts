/** First and last line of a stretch, from 1, both inclusive. */
export type LineRange = { readonly start: number; readonly end: number }

export type LineSet = {
  /** Ascending, none touching another. */
  readonly ranges: readonly LineRange[]
  has(line: number): boolean
  /** Whether any line from `start` to `end`, both inclusive, is in it. */
  touches(start: number, end: number): boolean
}

export function lineSet(ranges: readonly LineRange[]): LineSet {
  const touches = (start: number, end: number) => ranges.some(range => range.start <= end && start <= range.end)
  return { ranges, touches, has: line => touches(line, line) }
}

export const noLines: LineSet = lineSet([])
export const allLines: LineSet = lineSet([{ start: 1, end: Number.MAX_SAFE_INTEGER }])
