import type { LineSet } from '../../git/index.ts'
import type { Change } from './review-words.ts'

const AROUND = 3

/** Stretches of a file that are new, with three lines around each; stretches that touch are one. */
export function changesOf(file: Pick<Change, 'file' | 'path'>, text: string, changed: LineSet): Change[] {
  const lines = text.split('\n')
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length
  const stretches: { startLine: number; endLine: number }[] = []
  for (const { start, end } of changed.ranges) {
    const startLine = Math.max(1, start - AROUND)
    const endLine = Math.min(last, end + AROUND)
    const before = stretches.at(-1)
    if (startLine > last) break
    if (before && startLine <= before.endLine + 1) before.endLine = endLine
    else stretches.push({ startLine, endLine })
  }
  return stretches.map(stretch => ({
    ...file,
    ...stretch,
    text: lines.slice(stretch.startLine - 1, stretch.endLine).join('\n'),
  }))
}
