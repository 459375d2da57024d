import { type Citation, cite } from '../citations/citation.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import { verifyCitation } from '../citations/verify-citation.ts'
import type { Norm } from '../norms/norm.ts'
import type { Place } from '../place.ts'

/** Gives what a norm rests on; undefined where none of its examples can be read any more. */
export type Citer = (norm: Norm) => Promise<Citation | undefined>

/** Each costs a look into git, and a norm whose first three are gone is about to be mined anew. */
const TRIES = 3

/**
 * Remembers what an example said when it was first read, and reads it again each time: the same bytes, or where they
 * moved to, or the next example. Made anew with the norms.
 */
export function createCiter(reader: GoldenReader): Citer {
  const known = new Map<Place, Citation>()

  const stands = async (place: Place): Promise<Citation | undefined> => {
    const before = known.get(place)
    const citation = before ?? (await cite(place, reader))
    if (citation === undefined) return undefined
    known.set(place, citation)
    if (before === undefined) return citation
    const verdict = await verifyCitation(citation, reader)
    if (verdict.state === 'gone') return undefined
    return verdict.state === 'same' ? citation : verdict.to
  }

  return async norm => {
    for (const place of norm.examples.slice(0, TRIES)) {
      const citation = await stands(place)
      if (citation) return citation
    }
    return undefined
  }
}
