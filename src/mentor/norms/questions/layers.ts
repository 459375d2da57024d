import type { Question } from '../question.ts'

/** A folder's, and not the folder itself. */
const NAME = /^\w[\w.-]*$/

/**
 * Which of two folders beside each other imports from the other, in a code that has layers. Each pair of names is a norm of
 * its own, so it speaks only where repositories are cut alike. Nothing where one lies in the other.
 */
export function layerOf(from: readonly string[], to: readonly string[]): { answer: string; key: string } | undefined {
  const fork = from.findIndex((folder, i) => folder !== to[i])
  const [ours, theirs] = [from[fork], to[fork]]
  if (!ours || !theirs || !NAME.test(ours) || !NAME.test(theirs)) return undefined
  return { answer: `${ours} imports ${theirs}`, key: [ours, theirs].sort().join('~') }
}

export const layerWords: Question['words'] = (norm, at) => {
  const [upper = '', , lower = ''] = norm.answer.split(' ')
  return {
    nudge: `Should \`${lower}\` know of \`${upper}\`?`,
    why: `In golden repositories ${norm.answer}, and not the other way: where “${at.answer}” too, neither can be read, tested or changed without the other.`,
  }
}
