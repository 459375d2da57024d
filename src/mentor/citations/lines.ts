const NEWLINE = 0x0a

/** Where each line of a file begins. One that ends with a newline has no empty line after it. */
export function lineStarts(file: Uint8Array): number[] {
  if (file.length === 0) return []
  const starts = [0]
  for (let at = file.indexOf(NEWLINE); at >= 0 && at + 1 < file.length; at = file.indexOf(NEWLINE, at + 1)) {
    starts.push(at + 1)
  }
  return starts
}

/**
 * The bytes of those lines without the last one's newline, so that a passage at the end of a file is the same with and
 * without one. A carriage return is a byte of its line. Undefined where the file doesn't have all of them.
 */
export function linesOf(
  file: Uint8Array,
  { startLine, endLine }: { startLine: number; endLine: number },
  starts: readonly number[] = lineStarts(file),
): Uint8Array | undefined {
  if (startLine < 1 || endLine < startLine) return undefined
  const from = starts[startLine - 1]
  const last = starts[endLine - 1]
  if (from === undefined || last === undefined) return undefined
  const next = starts[endLine]
  const end = next ?? file.length
  const newline = file[end - 1] === NEWLINE ? 1 : 0
  return file.subarray(from, Math.max(from, end - newline))
}
