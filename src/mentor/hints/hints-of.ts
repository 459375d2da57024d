import type { Breach } from '../norms/question.ts'
import type { Citer } from './citer.ts'
import type { Hint } from './hint.ts'

export type Said = {
  /** Best first: what `worthSaying` left. */
  breaches: readonly Breach[]
  limit: number
  cite: Citer
  /** Hints that stand already keep their id. */
  shown: readonly Hint[]
  newId(): string
}

/** At most `limit` of them, each with a place that was read again just now. What rests on nothing is not said. */
export async function hintsOf({ breaches, limit, cite, shown, newId }: Said): Promise<Hint[]> {
  const hints: Hint[] = []
  for (const { norm, site, words } of breaches) {
    if (hints.length >= limit) break
    const citation = await cite(norm)
    if (citation === undefined) continue
    const before = shown.find(hint => hint.norm.id === norm.id && hint.startIndex === site.startIndex)
    hints.push({
      id: before?.id ?? newId(),
      norm,
      words,
      citation,
      startIndex: site.startIndex,
      endIndex: site.endIndex,
    })
  }
  return hints.toSorted((a, b) => a.startIndex - b.startIndex)
}
