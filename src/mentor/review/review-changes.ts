import { Failure } from '../../kernel/index.ts'
import type { Model } from '../../models/index.ts'
import type { Library as Passages } from '../chat/retrieve.ts'
import { type RunCheck, runCheck } from '../check/run-check.ts'
import type { Privacy } from '../privacy/types.ts'
import { changesOf } from './changes.ts'
import { type Review, reviewOf } from './review.ts'
import { reviewMarkdown } from './review-markdown.ts'
import { type Change, type ReviewWords, reviewWords } from './review-words.ts'

export type ReviewChanges = Omit<RunCheck, 'all' | 'onFile' | 'onChanged'> & {
  privacy: Privacy
  /** None: the review is complete without its words. */
  model: Model | undefined
}

export type ChangesReview = {
  readonly review: Review
  readonly markdown: string
  readonly words?: ReviewWords
  readonly notes: readonly string[]
}

/** *Review my changes*: what is on disk and not in the last commit, or since a branch left its base. */
export async function reviewChanges({ privacy, model, ...check }: ReviewChanges): Promise<ChangesReview> {
  const { library, clock, signal } = check
  const changes: Change[] = []
  const { checked, golden } = await runCheck({
    ...check,
    all: false,
    onChanged({ file, path, text, changed }) {
      changes.push(...changesOf({ file, path }, text, changed))
    },
  })
  const review = await reviewOf(checked, library.reader)
  if (model === undefined || changes.length === 0) return { review, markdown: reviewMarkdown(review), notes: [] }

  const passages: Passages = { index: library.index, golden, reader: library.reader }
  try {
    const ordered = changes.toSorted((a, b) => (a.path < b.path ? -1 : 1))
    const words = await reviewWords({ review, changes: ordered, library: passages, model, privacy, clock, signal })
    const notes = words.withheld.map(({ path, why }) => `Nothing of ${path} was sent: it ${why}.`)
    return { review, words, markdown: reviewMarkdown(review, words.text), notes }
  } catch (error) {
    // The review is whole without its words.
    if (signal.aborted || !(error instanceof Failure)) throw error
    return {
      review,
      markdown: reviewMarkdown(review),
      notes: [`Without the model’s words: ${error.message}. ${error.next}.`],
    }
  }
}
