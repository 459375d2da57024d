import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Golden, goldenReader } from '../citations/golden.fixture.ts'
import { createCiter } from './citer.ts'
import type { Hint } from './hint.ts'
import { breachOf, normOf } from './hints.fixture.ts'
import { hintsOf } from './hints-of.ts'

const COMMIT = 'a'.repeat(40)

function setUp() {
  const golden: Golden = { 'team/golden': [{ commit: COMMIT, files: { 'src/a.ts': 'one\ntwo\nthree\nfour\n' } }] }
  const cite = createCiter(goldenReader(golden))
  let ids = 0
  const say = (breaches: Parameters<typeof breachOf>[], shown: readonly Hint[] = []) =>
    hintsOf({ breaches: breaches.map(one => breachOf(...one)), limit: 3, cite, shown, newId: () => `h${++ids}` })
  return { golden, say }
}

test('at most three, in the order of the file, each with a place that can be read', async () => {
  const { say } = setUp()
  const hints = await say([9, 2, 5, 1].map(line => [normOf(`n${line}`), line]))
  assert.deepEqual(
    hints.map(({ norm }) => norm.id),
    ['n2', 'n5', 'n9'],
  )
  assert.equal(hints[0]?.citation.path, 'src/a.ts')
  assert.match(hints[0]?.citation.hash ?? '', /^[0-9a-f]{64}$/)
})

test('what is shown already keeps its id', async () => {
  const { say } = setUp()
  const norm = normOf('n')
  const first = await say([
    [norm, 1],
    [norm, 2],
  ])
  const again = await say(
    [
      [norm, 1],
      [normOf('m'), 2],
    ],
    first,
  )
  assert.equal(again[0]?.id, first[0]?.id)
  assert.notEqual(again[1]?.id, first[1]?.id)
})

test('without a place that can be read nothing is said', async () => {
  const { golden, say } = setUp()
  const norm = normOf('n')
  assert.equal((await say([[norm, 1]])).length, 1)
  golden['team/golden'] = []
  assert.deepEqual(await say([[norm, 1]]), [])
})

test('one that rests on nothing does not keep others from being said', async () => {
  const { say } = setUp()
  const lost = normOf('lost', { examples: [] })
  const hints = await say([
    [lost, 1],
    [normOf('n'), 2],
  ])
  assert.deepEqual(
    hints.map(({ norm }) => norm.id),
    ['n'],
  )
})

test('an example that is gone gives way to the next, and one that moved is shown where it is', async () => {
  const { golden, say } = setUp()
  const norm = normOf('n')
  assert.equal((await say([[norm, 1]]))[0]?.citation.startLine, 1)
  const later = 'b'.repeat(40)
  golden['team/golden'] = [{ commit: later, files: { 'src/b.ts': 'zero\none\n' } }]
  const [moved] = await say([[norm, 1]])
  assert.deepEqual([moved?.citation.commit, moved?.citation.path, moved?.citation.startLine], [later, 'src/b.ts', 2])
  golden['team/golden'] = [{ commit: COMMIT, files: { 'src/a.ts': 'ONE\ntwo\n' } }]
  assert.equal((await say([[norm, 1]]))[0]?.citation.startLine, 2)
})
