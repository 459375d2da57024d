import type { Citation } from '../citations/citation.ts'
import type { Norm } from '../norms/norm.ts'
import type { Words } from '../norms/question.ts'

/** What the mentor says at a place in a file that somebody is writing. */
export type Hint = {
  /** Stays the same while it is shown, however the text around it moves. */
  readonly id: string
  readonly norm: Norm
  readonly words: Words
  /** UTF-16 offsets of what is underlined. */
  readonly startIndex: number
  readonly endIndex: number
  /** The golden place, read again before it was shown. No hint is without. */
  readonly citation: Citation
}
