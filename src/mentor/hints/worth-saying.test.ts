import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breachOf, normOf, parsedOf } from './hints.fixture.ts'
import { type Silence, worthSaying } from './worth-saying.ts'

const all = { touches: () => true }

function silence(more: Partial<Silence> = {}): Silence {
  return { mode: 'learning', changed: all, isMuted: () => false, isFaded: () => false, shown: [], ...more }
}

test('lines that were there before are left alone', () => {
  const changed = { touches: (start: number, end: number) => [3, 8].some(line => start <= line && line <= end) }
  const breaches = [breachOf(normOf('a'), 2), breachOf(normOf('b'), 3), breachOf(normOf('c'), 5, 4)]
  const said = worthSaying(parsedOf(), breaches, silence({ changed }))
  assert.deepEqual(said.map(({ norm }) => norm.id).sort(), ['b', 'c'])
})

test('nothing is said in broken syntax, and nothing when the mentor is off', () => {
  const breaches = [breachOf(normOf('a'), 1)]
  assert.equal(worthSaying(parsedOf(), breaches, silence()).length, 1)
  assert.equal(worthSaying(parsedOf({ broken: true }), breaches, silence()).length, 0)
  assert.equal(worthSaying(parsedOf(), breaches, silence({ mode: 'off' })).length, 0)
  assert.equal(worthSaying(parsedOf(), breaches, silence({ mode: 'pairing' })).length, 1)
})

test('what is muted or held is not mentioned', () => {
  const breaches = [breachOf(normOf('muted'), 1), breachOf(normOf('held'), 2), breachOf(normOf('new'), 3)]
  const quiet = silence({ isMuted: id => id === 'muted', isFaded: norm => norm.id === 'held' })
  assert.deepEqual(
    worthSaying(parsedOf(), breaches, quiet).map(({ norm }) => norm.id),
    ['new'],
  )
})

test('the surest come first, each norm once before one comes again, and what is shown stays', () => {
  const [sure, weak] = [normOf('sure', { share: 1 }), normOf('weak', { share: 0.96 })]
  const breaches = [breachOf(weak, 1), breachOf(sure, 2), breachOf(sure, 3), breachOf(weak, 4)]
  const order = (quiet: Silence) => worthSaying(parsedOf(), breaches, quiet).map(({ site }) => site.startLine)
  assert.deepEqual(order(silence()), [2, 1, 3, 4])
  assert.deepEqual(order(silence({ shown: [{ norm: weak, startIndex: 40 }] })), [4, 2, 3, 1])
})
