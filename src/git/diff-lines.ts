import { type LineRange, type LineSet, lineSet } from './lines.ts'

/**
 * Beyond as many edits the shortest way is not searched: it takes their square in time and memory. 1,000 take 20 ms; a file
 * with more is new for the most part, and a line then counts as changed where the old text has none like it.
 */
const MOST_EDITS = 1_000

/** The lines of `after` that are not in `before`, as `git diff` has them. Where only line ends differ, none. */
export function diffLines(before: string, after: string): LineSet {
  const a = linesOf(before)
  const b = linesOf(after)
  let top = 0
  while (top < a.length && top < b.length && a[top] === b[top]) top++
  let aEnd = a.length
  let bEnd = b.length
  while (aEnd > top && bEnd > top && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--
    bEnd--
  }
  if (top === bEnd) return lineSet([])
  const [oldPart, newPart] = [a.slice(top, aEnd), b.slice(top, bEnd)]
  const added =
    oldPart.length === 0 ? newPart.map((_, at) => at) : (shortest(oldPart, newPart) ?? unlike(oldPart, newPart))
  return lineSet(rangesOf(added.map(at => top + at + 1)))
}

function linesOf(text: string): string[] {
  const lines = (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).split(/\r?\n/)
  // The last line break ends a line, it begins none.
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Myers' greedy algorithm: which lines of `b` a shortest edit adds; undefined past `MOST_EDITS`. */
function shortest(a: readonly string[], b: readonly string[]): number[] | undefined {
  const most = Math.min(a.length + b.length, MOST_EDITS)
  const reach = new Int32Array(2 * most + 3)
  const steps: Int32Array[] = []
  for (let d = 0; d <= most; d++) {
    steps.push(reach.slice(most + 1 - d - 1, most + 1 + d + 2))
    for (let k = -d; k <= d; k += 2) {
      const at = most + 1 + k
      const down = k === -d || (k !== d && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0))
      let x = down ? (reach[at + 1] ?? 0) : (reach[at - 1] ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      reach[at] = x
      if (x >= a.length && x - k >= b.length) return addedBy(steps, a.length, b.length)
    }
  }
  return undefined
}

/** Goes back the way it came: each step down is a line of `b` that was added. */
function addedBy(steps: readonly Int32Array[], aLength: number, bLength: number): number[] {
  const added: number[] = []
  let x = aLength
  let y = bLength
  for (let d = steps.length - 1; d > 0; d--) {
    // Diagonal k stands at d + 1 + k of what was kept before step d.
    const reach = steps[d] ?? new Int32Array()
    const k = x - y
    const left = reach[d + k] ?? 0
    const above = reach[d + 2 + k] ?? 0
    const down = k === -d || (k !== d && left < above)
    x = down ? above : left
    y = x - (down ? k + 1 : k - 1)
    if (down) added.push(y)
  }
  return added.reverse()
}

function unlike(a: readonly string[], b: readonly string[]): number[] {
  const left = new Map<string, number>()
  for (const line of a) left.set(line, (left.get(line) ?? 0) + 1)
  return b.flatMap((line, at) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count > 0 ? [] : [at]
  })
}

function rangesOf(lines: readonly number[]): LineRange[] {
  const ranges: { start: number; end: number }[] = []
  for (const line of lines) {
    const last = ranges.at(-1)
    if (last?.end === line - 1) last.end = line
    else ranges.push({ start: line, end: line })
  }
  return ranges
}
