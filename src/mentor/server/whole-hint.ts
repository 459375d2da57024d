import { formatCitation } from '../citations/format-citation.ts'
import type { Hint } from '../hints/hint.ts'
import type { Norm } from '../norms/norm.ts'
import type { Place } from '../place.ts'

/** Longer passages are read in their file. */
const MOST_LINES = 30

/** Why the team does it so: the cost of the habit, and the count that makes it a norm. */
export function whyText({ norm, words }: Hint): string {
  return [words.why, evidence(norm)].join('\n\n')
}

/** What everybody can check: how many places, in how many repositories, and who differs. */
function evidence({ agree, cases, repositories, dissent }: Norm): string {
  const differ = dissent.map(({ repository, count }) => `${repository} (${count})`).join(', ')
  const counted = `${agree} of ${cases} places in the golden repositories, ${repositories} of them by their own habit.`
  return differ === '' ? counted : `${counted} Otherwise: ${differ}.`
}

/** A golden passage as Markdown, with where it stands. */
export function passageText(place: Place, passage: string, language: string): string {
  const lines = passage.split('\n')
  const cut = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '…'] : lines
  return [formatCitation(place), fenced(cut.join('\n'), language)].join('\n\n')
}

/** Beside what stands there, so that the eye finds the difference; nothing applies it. */
export function sketchText(mine: string, sketch: string, language: string): string {
  return ['Now:', fenced(mine, language), 'Could be:', fenced(sketch, language)].join('\n\n')
}

/** In a fence that no line of the text can close. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}
