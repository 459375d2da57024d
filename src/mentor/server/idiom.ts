/** What is typed so far must mean something: `if (` begins half of all lines. */
const SHORTEST = 6
const MOST_LINES = 12

type Passage = { readonly text: string }

/**
 * How golden code goes on where a line begins like this one: what follows most often, and only to the end of that
 * line where `whole` is false, else to the end of the block that it opens. Undefined where no line begins so.
 */
export function continueLine(
  before: string,
  passages: readonly Passage[],
  { whole }: { whole: boolean },
): string | undefined {
  const typed = before.trimStart()
  if (typed.length < SHORTEST || !/[\p{L}\p{N}]/u.test(typed)) return undefined
  const indent = before.slice(0, before.length - typed.length)
  const counts = new Map<string, number>()
  for (const { text } of passages) {
    const lines = text.split('\n')
    for (const [at, line] of lines.entries()) {
      const code = line.trimStart()
      if (!code.startsWith(typed) || code.trimEnd().length <= typed.trimEnd().length) continue
      const block = whole ? blockAt(lines, at) : [code.trimEnd()]
      const rest = reindent(block, indent).slice(typed.length)
      counts.set(rest, (counts.get(rest) ?? 0) + 1)
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** The line, with what it opens: deeper lines, and the one that closes them. */
function blockAt(lines: readonly string[], at: number): string[] {
  const first = lines[at] ?? ''
  const depth = depthOf(first)
  const next = lines.findIndex((line, i) => i > at && line.trim() !== '' && depthOf(line) <= depth)
  const end = next === -1 ? lines.length : next
  const closes = /^\s*[)\]}]/.test(lines[end] ?? '') ? 1 : 0
  const block = end === at + 1 ? [first] : lines.slice(at, end + closes)
  return (block.length > MOST_LINES ? [first] : block).map(line => line.slice(Math.min(depth, depthOf(line))))
}

function reindent(block: readonly string[], indent: string): string {
  return block
    .map((line, i) => (i === 0 || line === '' ? line : indent + line))
    .join('\n')
    .trimEnd()
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length
}
