import type { GoldenReader } from '../citations/golden-reader.ts'
import { findBreaches } from '../norms/find-breaches.ts'
import type { Norm } from '../norms/norm.ts'
import type { Words } from '../norms/question.ts'
import { decodeSource } from '../parse/decode.ts'
import { languageOf } from '../parse/language.ts'
import type { Parser } from '../parse/parsed.ts'

/**
 * What would be said to somebody who breaks the norm, by asking the first place that does; undefined where nobody does
 * any more: a question has words for a breach only.
 */
export async function wordsForNorm(
  norm: Norm,
  { reader, parser }: { reader: GoldenReader; parser: Parser },
): Promise<Words | undefined> {
  const place = norm.dissent.flatMap(({ places }) => places)[0]
  const language = place && languageOf(place.path)
  const bytes = place && (await reader.read(place))
  const text = bytes && decodeSource(bytes)
  if (place === undefined || language === undefined || text === undefined) return undefined
  await parser.ready(language)
  using parsed = parser.parse(place.path, text)
  if (parsed === undefined) return undefined
  const paths = new Set(await reader.paths(place.repository, place.commit))
  return findBreaches(parsed, [norm], { paths }).find(({ site }) => site.startLine === place.startLine)?.words
}
