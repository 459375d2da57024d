import { createHash } from 'node:crypto'
import type { Place } from '../place.ts'
import type { GoldenReader } from './golden-reader.ts'
import { linesOf } from './lines.ts'

/** A place, and the sha256 of the exact bytes of its lines: what was quoted can be told from what is there now. */
export type Citation = Place & { readonly hash: string }

/** Reads the place and binds it to what it says; undefined where it leads to nothing. */
export async function cite(place: Place, reader: GoldenReader): Promise<Citation | undefined> {
  const bytes = await reader.read(place)
  const hash = bytes && hashLines(bytes, place)
  if (hash === undefined) return undefined
  const { repository, commit, path, startLine, endLine } = place
  return { repository, commit, path, startLine, endLine, hash }
}

/** Of a whole file's bytes; undefined where the file has fewer lines. */
export function hashLines(file: Uint8Array, lines: { startLine: number; endLine: number }): string | undefined {
  const bytes = linesOf(file, lines)
  return bytes && hashPassage(bytes)
}

export function hashPassage(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
