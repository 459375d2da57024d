import { code, count, fenced } from '../documents/markdown.ts'
import type { Alternative, Remark, Review } from './review.ts'

/** `words`: what a model said of the changes, checked already. */
export function reviewMarkdown(review: Review, words?: string): string {
  const { files, remarks, more, kept, muted, skipped } = review
  const parts = [
    '# Review of your changes',
    summary(review),
    ...(words === undefined ? [] : [words.trim()]),
    ...[...Map.groupBy(remarks, ({ path }) => path)].flatMap(([path, of]) => [
      `## ${code(path)}`,
      ...of.map(remarkText),
    ]),
    ...(more > 0 ? [`${count(more, 'further remark')} of the same kinds: \`towpath mentor check\` lists all.`] : []),
    ...(kept.length > 0
      ? [`Held to in the new lines: ${kept.map(({ norm, count: times }) => `${code(norm)} ${times} ×`).join(', ')}.`]
      : []),
    ...(muted > 0 ? [`${count(muted, 'place')} muted.`] : []),
    ...skipped.map(({ path, why }) => `${code(path)} was not looked at: ${why}.`),
  ]
  return files === 0 ? '# Review of your changes\n\nNothing is changed.\n' : `${parts.join('\n\n')}\n`
}

function summary({ files, remarks }: Review): string {
  if (remarks.length === 0)
    return `${count(files, 'file')}: nothing in it differs from what your golden repositories agree on.`
  return `${count(files, 'file')}, ${count(remarks.length, 'remark')}. Each is a question to you: you decide.`
}

function remarkText(remark: Remark): string {
  const { line, code: source, alsoAt, asks, why, heldBy, golden, alternatives, sketch } = remark
  const also = alsoAt.length > 0 ? ` (also in ${alsoAt.length > 1 ? 'lines' : 'line'} ${alsoAt.join(', ')})` : ''
  return [
    `### Line ${line}${also}: ${asks}`,
    ...(source === '' ? [] : [fenced(source, golden.language)]),
    `${why} Your golden repositories: ${heldBy}.`,
    `As in ${code(golden.place)}:`,
    fenced(golden.text, golden.language),
    ...(sketch === undefined ? [] : ['A sketch, to compare with yours:', fenced(sketch, golden.language)]),
    ...alternatives.map(alternativeText),
  ].join('\n\n')
}

function alternativeText({ repository, answer, count: times, golden }: Alternative): string {
  const where = golden ? `, as in ${code(golden.place)}` : ''
  return `Otherwise: ${code(repository)} has "${answer}" ${times} ${times === 1 ? 'time' : 'times'}${where}.`
}
