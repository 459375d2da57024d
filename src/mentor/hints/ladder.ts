import type { HintMode } from '../config/types.ts'

/** The steps of a hint. The first is shown; the others are asked for, one after the other. */
export const RUNGS = ['nudge', 'why', 'golden', 'sketch'] as const
export type Rung = (typeof RUNGS)[number]

/**
 * What may be asked for next. In learning mode one step at a time: who sees the sketch first has only copied it.
 * In pairing all of them stand open.
 */
export function openRungs(mode: HintMode, climbed: Rung): readonly Rung[] {
  return RUNGS.slice(1, mode === 'learning' ? RUNGS.indexOf(climbed) + 2 : RUNGS.length)
}

/** The higher of two. */
export function higher(a: Rung, b: Rung): Rung {
  return RUNGS.indexOf(a) > RUNGS.indexOf(b) ? a : b
}
