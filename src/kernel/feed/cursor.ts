import { failure } from '../failure.ts'

/**
 * A place in a region's feed: everything up to and including `sequence` is known. It means something
 * only within one incarnation, because a restored backup gives the same numbers to other changes.
 */
export type Cursor = { readonly region: string; readonly incarnation: string; readonly sequence: number }

export const CursorMalformed = failure('FEED_CURSOR_MALFORMED', 400, (text: string) => ({
  says: `"${text.slice(0, 100)}" is not a cursor`,
  next: 'Send it as it was given: region, incarnation and sequence, joined by "/"',
}))

const FORM = /^([a-z][a-z0-9]{0,30})\/(inc_[0-9a-hjkmnp-tv-z]{26})\/(0|[1-9][0-9]{0,15})$/

/** `home/inc_01k…/42`. Throws CursorMalformed. */
export function parseCursor(text: string): Cursor {
  const [, region, incarnation, digits] = FORM.exec(text) ?? []
  const sequence = Number(digits)
  if (region === undefined || incarnation === undefined || !Number.isSafeInteger(sequence)) throw CursorMalformed(text)
  return { region, incarnation, sequence }
}

export function formatCursor({ region, incarnation, sequence }: Cursor): string {
  return `${region}/${incarnation}/${sequence}`
}
