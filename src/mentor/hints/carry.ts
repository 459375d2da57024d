import type { Edit } from '../parse/parsed.ts'

type Range = { readonly startIndex: number; readonly endIndex: number }

/** Where ranges are after the edits. One that an edit touches, at its border too, no longer says what it said. */
export function carry<T extends Range>(ranges: readonly T[], edits: readonly Edit[]): T[] {
  return edits.reduce<T[]>((left, edit) => left.flatMap(range => moved(range, edit)), [...ranges])
}

function moved<T extends Range>(range: T, { startIndex, endIndex, text }: Edit): T[] {
  if (startIndex > range.endIndex) return [range]
  if (endIndex >= range.startIndex) return []
  const by = text.length - (endIndex - startIndex)
  return [{ ...range, startIndex: range.startIndex + by, endIndex: range.endIndex + by }]
}
