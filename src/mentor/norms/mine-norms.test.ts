import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mineNorms } from './mine-norms.ts'
import type { Observation } from './norm.ts'

const usual = { agreement: 0.95, cases: 30, repositories: 2 }

/** `['a', 20, 'yes']`: repository a answers yes in 20 places, each in a file of its own. */
function votes(...counts: [repository: string, count: number, answer: string][]): Observation[] {
  return counts.flatMap(([repository, count, answer]) =>
    Array.from({ length: count }, (_, i) => ({
      question: 'errors/asked',
      language: 'typescript' as const,
      repository,
      commit: 'c'.repeat(40),
      path: `src/${answer}-${i}.ts`,
      answer,
      startLine: i + 1,
      endLine: i + 1,
    })),
  )
}

function mined(...counts: Parameters<typeof votes>) {
  const { norms, undecided } = mineNorms(votes(...counts), usual)
  return { norm: norms[0], undecided: undecided[0] }
}

test('what two repositories agree on is a norm, with counts and examples of both', () => {
  const { norm } = mined(['a', 40, 'yes'], ['b', 19, 'yes'], ['b', 1, 'no'])
  assert.ok(norm)
  const { agree, cases, repositories, answer, share } = norm
  assert.deepEqual({ agree, cases, repositories, answer }, { agree: 59, cases: 60, repositories: 2, answer: 'yes' })
  assert.ok(share > 0.96 && share < 0.99)
  assert.deepEqual(
    norm.examples.slice(0, 3).map(place => `${place.repository} ${place.path}`),
    ['a src/yes-0.ts', 'b src/yes-0.ts', 'a src/yes-1.ts'],
  )
})

test('dissent is kept, the most first', () => {
  const { norm } = mined(['a', 500, 'yes'], ['a', 2, 'perhaps'], ['b', 100, 'yes'], ['b', 3, 'no'])
  assert.deepEqual(
    norm?.dissent.map(({ repository, answer, count, places }) => [repository, answer, count, places.length]),
    [
      ['b', 'no', 3, 3],
      ['a', 'perhaps', 2, 2],
    ],
  )
})

test('too little agreement or too few cases is no norm', () => {
  const split = mined(['a', 90, 'yes'], ['a', 10, 'no'], ['b', 100, 'yes'])
  assert.equal(split.norm, undefined)
  assert.equal(split.undecided?.answer, 'yes')
  assert.deepEqual(mined(['a', 14, 'yes'], ['b', 15, 'yes']), { norm: undefined, undecided: undefined })
})

test('one repository decides nothing, however large', () => {
  assert.equal(mined(['a', 10_000, 'yes']).norm, undefined)
  assert.equal(mined(['a', 10_000, 'yes'], ['b', 14, 'yes']).norm, undefined)
  assert.ok(mined(['a', 10_000, 'yes'], ['b', 15, 'yes']).norm)
})

test('a large repository does not outvote a small one, nor is it outvoted', () => {
  assert.equal(mined(['a', 10_000, 'yes'], ['b', 40, 'yes'], ['c', 20, 'no']).norm, undefined)
  const small = Array.from({ length: 30 }, (_, i): [string, number, string] => [`small${i}`, 15, 'yes'])
  assert.ok(mined(...small).norm)
  assert.equal(mined(...small, ['giant', 10_000, 'no']).norm, undefined)
})

test('weights count voices, and a weight of 0 leaves a repository out', () => {
  const all = votes(['a', 50, 'yes'], ['b', 50, 'yes'], ['c', 30, 'yes'], ['c', 20, 'no'])
  assert.equal(mineNorms(all, usual).norms.length, 0)
  const left = mineNorms(all, { ...usual, weights: new Map([['c', 0]]) }).norms[0]
  assert.equal(left?.cases, 100)
  const led = mineNorms(votes(['a', 99, 'yes'], ['b', 99, 'yes'], ['c', 8, 'no']), {
    ...usual,
    weights: new Map([
      ['a', 10],
      ['b', 10],
    ]),
  })
  assert.equal(led.norms[0]?.answer, 'yes')
})

test('thresholds of single norms, the most exact pattern last, and norms that are off', () => {
  const all = votes(['a', 8, 'yes'], ['b', 8, 'yes'], ['b', 1, 'no'])
  const each = { 'errors/asked': { cases: 10 }, 'errors/*': { cases: 5, agreement: 0.9 } }
  assert.equal(mineNorms(all, usual).norms.length, 0)
  assert.equal(mineNorms(all, { ...usual, each: { 'errors/asked': { cases: 10 } } }).norms.length, 0)
  assert.equal(mineNorms(all, { ...usual, repositories: 1, each }).norms.length, 1)
  assert.deepEqual(mineNorms(all, { ...usual, each, off: ['errors/*'] }), { norms: [], undecided: [] })
})

test('TSX counts to TypeScript, JavaScript does not', () => {
  const all = votes(['a', 20, 'yes'], ['b', 20, 'yes'])
  const spoken = all.map((one, i) => ({ ...one, language: i % 2 ? ('tsx' as const) : ('typescript' as const) }))
  assert.equal(mineNorms(spoken, usual).norms[0]?.cases, 40)
  const mixed = all.map((one, i) => ({ ...one, language: i % 2 ? ('javascript' as const) : ('typescript' as const) }))
  assert.equal(mineNorms(mixed, usual).norms.length, 0)
})
