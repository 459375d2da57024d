import { formatCitation } from '../citations/format-citation.ts'
import type { Norm } from '../norms/norm.ts'
import { dissentOf, heldBy } from './norm-words.ts'

/** A habit of Python is not one of Go, so the language belongs to it. */
export function ruleId({ language, id }: Pick<Norm, 'language' | 'id'>): string {
  return `${language}/${id}`
}

export function sarifRule(norm: Norm): Record<string, unknown> {
  const { language, id, answer, agree, cases, repositories, share, examples } = norm
  const held = heldBy(norm)
  const dissent = dissentOf(norm)
  const places = examples.map(formatCitation)
  const text = [
    `Mined from your golden repositories: ${held}.`,
    ...(dissent === '' ? [] : [`Otherwise: ${dissent}.`]),
    ...(places.length === 0 ? [] : [`See ${places.join(', ')}.`]),
    `Does it not fit here? Add { "norm": "${id}", "reason": "…" } to "mute" of archangel.json; the reason reaches whoever looks after the norms.`,
  ]
  return {
    id: ruleId(norm),
    name: id,
    shortDescription: { text: `${id} (${language}): ${answer}` },
    fullDescription: { text: `Your golden repositories have ${held}.` },
    help: { text: text.join('\n'), markdown: text.join('\n\n') },
    defaultConfiguration: { level: 'note' },
    properties: { tags: ['mentor', id.split('/')[0]], answer, agree, cases, repositories, share },
  }
}
