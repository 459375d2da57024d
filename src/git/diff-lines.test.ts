import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { diffLines } from './diff-lines.ts'
import { tempDir } from './repository.fixture.ts'

const line = fc.constantFrom('a', 'b', 'c', 'd', '')
const text = fc.array(line, { maxLength: 30 }).map(lines => lines.map(one => `${one}\n`).join(''))

function countOf(before: string, after: string): number {
  return diffLines(before, after).ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0)
}

/** The length of a longest common subsequence, by the book. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const one of a) {
    const next = [0]
    for (const [at, other] of b.entries()) {
      next.push(one === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

test('as few lines are changed as can be, and without them the old text has the rest in order', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const [a, b] = [before.split('\n').slice(0, -1), after.split('\n').slice(0, -1)]
      const changed = diffLines(before, after)
      const kept = b.filter((_, at) => !changed.has(at + 1))
      assert.equal(countOf(before, after), b.length - common(a, b))
      assert.equal(common(a, kept), kept.length)
    }),
    { numRuns: 500 },
  )
})

test('git counts as many', t => {
  const dir = tempDir(t)
  const before = Array.from({ length: 200 }, (_, at) => `line ${at}\n`)
  const after = before.flatMap((one, at) => (at % 7 === 0 ? [`new ${at}\n`] : at % 11 === 0 ? [] : [one]))
  writeFileSync(join(dir, 'a'), before.join(''))
  writeFileSync(join(dir, 'b'), after.join(''))
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--minimal', '--numstat', 'a', 'b'], { cwd: dir })
  assert.equal(String(countOf(before.join(''), after.join(''))), stdout.toString().split('\t')[0])
  assert.ok(execFileSync('git', ['--version']))
})

test('where everything changed, it ends soon and marks what is new', () => {
  const before = Array.from({ length: 20_000 }, (_, at) => `old ${at}\n`).join('')
  const after = Array.from({ length: 20_000 }, (_, at) => (at === 9 ? 'old 9\n' : `new ${at}\n`)).join('')
  const changed = diffLines(before, after)
  assert.equal(changed.has(10), false)
  assert.equal(countOf(before, after), 19_999)
})

test('line ends and a byte order mark change nothing', () => {
  assert.deepEqual(diffLines('a\nb\n', '\uFEFFa\r\nb').ranges, [])
})
