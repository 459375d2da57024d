import type { Citation } from '../citations/citation.ts'
import { formatCitation } from '../citations/format-citation.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import { verifyCitation } from '../citations/verify-citation.ts'

/** A passage that a model was given under a number. Answers cite the number; what it leads to is ours. */
export type Given = { readonly number: number; readonly citation: Citation; readonly text: string }

/** All that were given in a conversation: a place keeps its number, so that earlier answers stay true. */
export type GivenPassages = {
  /** Paths of the user's own files that were sent along: places in them are no citations. */
  readonly mine: Set<string>
  add(citation: Citation, text: string): Given
  all(): readonly Given[]
  /** Reads the passage again. Undefined where nothing was given under the number, or what was is gone. */
  verify(number: number): Promise<Given | undefined>
}

export function givenPassages(reader: GoldenReader): GivenPassages {
  const byNumber = new Map<number, Given>()
  return {
    mine: new Set(),
    add(citation, text) {
      const place = formatCitation(citation)
      const known = [...byNumber.values()].find(
        given => formatCitation(given.citation) === place && given.citation.hash === citation.hash,
      )
      if (known) return known
      const given = { number: byNumber.size + 1, citation, text }
      byNumber.set(given.number, given)
      return given
    },
    all: () => [...byNumber.values()],
    async verify(number) {
      const given = byNumber.get(number)
      if (given === undefined) return undefined
      const verdict = await verifyCitation(given.citation, reader)
      if (verdict.state === 'gone') return undefined
      const now = verdict.state === 'same' ? given : { ...given, citation: verdict.to }
      byNumber.set(number, now)
      return now
    },
  }
}
