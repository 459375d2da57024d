import { type Citation, cite } from '../citations/citation.ts'
import { formatCitation } from '../citations/format-citation.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import { linesOf } from '../citations/lines.ts'
import { decodeSource } from '../parse/decode.ts'
import type { Place } from '../place.ts'
import { code } from './markdown.ts'

/** Tells a paragraph in other words, or gives it back as it is. */
export type Tell = (paragraph: string) => Promise<string>

/** What the writers of documents need: places become citations, and lines of a source, or are left out. */
export type Scribe = {
  /** As it stands in a document; undefined where the place leads to nothing any more. */
  cite(place: Place): Promise<string | undefined>
  /** So many of its lines at most, as they are. */
  lines(place: Place, most: number): Promise<string | undefined>
  /** A whole file's text. */
  text(file: Pick<Place, 'repository' | 'commit' | 'path'>): Promise<string | undefined>
  readonly reader: GoldenReader
  readonly tell: Tell
  /** All that were given out, each once. */
  readonly citations: readonly Citation[]
}

export function createScribe({
  reader,
  tell,
  signal,
}: {
  reader: GoldenReader
  tell: Tell
  signal: AbortSignal
}): Scribe {
  const given = new Map<string, Citation>()
  return {
    reader,
    tell,
    async cite(place) {
      signal.throwIfAborted()
      const citation = await cite(place, reader)
      if (citation === undefined) return undefined
      const text = formatCitation(citation)
      given.set(text, citation)
      return code(text)
    },
    async lines(place, most) {
      const bytes = await reader.read(place)
      const endLine = Math.min(place.endLine, place.startLine + most - 1)
      const lines = bytes && linesOf(bytes, { startLine: place.startLine, endLine })
      return lines && decodeSource(lines)
    },
    async text(file) {
      const bytes = await reader.read(file)
      return bytes && decodeSource(bytes)
    },
    get citations() {
      return [...given.values()]
    },
  }
}
