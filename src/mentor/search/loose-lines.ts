import type { Unit } from '../parse/parsed.ts'

/** A run of lines at the top of a file that belong to no unit: tables of values, routes, tests, wiring. */
export type LooseLines = Omit<Unit, 'kind'> & { readonly kind: 'lines' }

const FEWEST = 3
const MOST = 60

// Imports, comments, brackets and lists of names: what a search has no use for where nothing else stands beside it.
const TELLS_NOTHING =
  /^\s*(?:$|import\b|from\b|\}? ?from\b|export\b.*\bfrom\b|using\b|package\b|\/\/|\/?\*|#|[\w$]+(?: as [\w$]+)?,?$|[{}()[\],;]+$)/

/** In pieces that one can read at a glance, cut at an empty line where there is one. */
export function looseLines(units: readonly Unit[], lines: readonly string[]): LooseLines[] {
  const found: LooseLines[] = []
  let free = 1
  for (const { startLine, endLine } of [...units].sort((a, b) => a.startLine - b.startLine)) {
    if (startLine > free) found.push(...pieces(lines, free, startLine - 1))
    free = Math.max(free, endLine + 1)
  }
  return [...found, ...pieces(lines, free, lines.length)]
}

function pieces(lines: readonly string[], first: number, last: number): LooseLines[] {
  const found: LooseLines[] = []
  const isEmpty = (line: number) => (lines[line - 1] ?? '').trim() === ''
  let startLine = first
  while (startLine <= last) {
    if (isEmpty(startLine)) {
      startLine++
      continue
    }
    let endLine = Math.min(last, startLine + MOST - 1)
    if (endLine < last) {
      // The last empty line of the second half, so that no piece is a splinter.
      for (let line = endLine; line > startLine + MOST / 2; line--) {
        if (!isEmpty(line)) continue
        endLine = line
        break
      }
    }
    const next = endLine + 1
    while (isEmpty(endLine)) endLine--
    const telling = lines.slice(startLine - 1, endLine).filter(line => !TELLS_NOTHING.test(line)).length
    if (telling >= FEWEST) {
      const nothing = { name: '', container: '', doc: '', exported: false }
      found.push({ kind: 'lines', ...nothing, startLine, endLine, nameLine: startLine })
    }
    startLine = next
  }
  return found
}
