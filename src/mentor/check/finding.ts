import type { Citation } from '../citations/citation.ts'
import type { Mute } from '../config/types.ts'
import type { Norm, NormId, NormLanguage } from '../norms/norm.ts'
import type { Words } from '../norms/question.ts'

/** From 1; columns count UTF-16 units, the last is behind the end. */
export type Region = { startLine: number; startColumn: number; endLine: number; endColumn: number }

/** Where a file does otherwise than a norm says. */
export type Finding = {
  /** From the root, with `/`. */
  path: string
  region: Region
  /** The text of its first line: what stays when lines move. */
  line: string
  norm: Norm
  words: Words
  /** Golden places that were read just now. None: they are gone, and the norm is about to be mined anew. */
  citations: readonly Citation[]
  /** Somebody disputes the norm here, and says why. */
  mute?: Mute
}

/** How often new lines held to a norm: what a habit is counted by. */
export type Tally = { norm: NormId; language: NormLanguage; kept: number; broken: number }

export type Skipped = 'too large' | 'binary' | 'not readable' | 'broken syntax'

export type Checked = {
  findings: readonly Finding[]
  tallies: readonly Tally[]
  /** How many files were looked at. */
  files: number
  skipped: readonly { path: string; why: Skipped }[]
}
