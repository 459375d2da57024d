import type { HintMode } from '../config/types.ts'
import type { NormId } from '../norms/norm.ts'
import type { Breach } from '../norms/question.ts'
import type { Parsed } from '../parse/parsed.ts'
import type { NormKey } from './learner.ts'

/** Lines of a file, 1-based, that are new or changed since the last commit. */
export type ChangedLines = { touches(start: number, end: number): boolean }

export type Silence = {
  mode: HintMode
  changed: ChangedLines
  isMuted(id: NormId): boolean
  isFaded(norm: NormKey): boolean
  /** What is shown now: it stays before others, or hints would dance while somebody types. */
  shown: readonly { norm: { id: NormId }; startIndex: number }[]
}

/**
 * The breaches that may be mentioned, best first. Nothing where the syntax is broken, on lines that were there before,
 * of what was muted, and of habits that hold.
 */
export function worthSaying(file: Parsed, breaches: readonly Breach[], silence: Silence): Breach[] {
  if (silence.mode === 'off' || file.broken) return []
  const left = breaches.filter(
    ({ norm, site }) =>
      silence.changed.touches(site.startLine, site.endLine) && !silence.isMuted(norm.id) && !silence.isFaded(norm),
  )
  const isShown = ({ norm, site }: Breach) =>
    silence.shown.some(hint => hint.norm.id === norm.id && hint.startIndex === site.startIndex)
  const ranked = left.toSorted(
    (a, b) =>
      Number(isShown(b)) - Number(isShown(a)) ||
      b.norm.share - a.norm.share ||
      b.norm.cases - a.norm.cases ||
      a.site.startIndex - b.site.startIndex,
  )
  return oneOfEachFirst(ranked)
}

/** Three different things to learn before the same one three times. */
function oneOfEachFirst(ranked: readonly Breach[]): Breach[] {
  const seen = new Set<NormId>()
  const again: Breach[] = []
  const first = ranked.filter(breach => {
    if (!seen.has(breach.norm.id)) return seen.add(breach.norm.id)
    again.push(breach)
    return false
  })
  return [...first, ...again]
}
