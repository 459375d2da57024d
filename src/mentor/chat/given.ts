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
  /** Under which number a place was given; also one that moved since. */
  numberOf(place: string): number | undefined
  /** Reads the passage again. Undefined where nothing was given under the number, or what was is gone. */
  verify(number: number): Promise<Given | undefined>
}

export function givenPassages(reader: GoldenReader): GivenPassages {
  const byNumber = new Map<number, Given>()
  const numbers = new Map<string, number>()

  function keep(given: Given): Given {
    byNumber.set(given.number, given)
    numbers.set(formatCitation(given.citation), given.number)
    return given
  }

  return {
    mine: new Set(),
    add(citation, text) {
      const known = byNumber.get(numbers.get(formatCitation(citation)) ?? 0)
      // Twelve digits of a commit may be those of two; the bytes can't be.
      if (known?.citation.hash === citation.hash) return known
      return keep({ number: byNumber.size + 1, citation, text })
    },
    all: () => [...byNumber.values()],
    numberOf: place => numbers.get(place),
    async verify(number) {
      const given = byNumber.get(number)
      if (given === undefined) return undefined
      const verdict = await verifyCitation(given.citation, reader)
      if (verdict.state === 'gone') return undefined
      return verdict.state === 'same' ? given : keep({ ...given, citation: verdict.to })
    },
  }
}
