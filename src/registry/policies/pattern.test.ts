import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { matches, nearness, pattern } from './pattern.ts'

test('a pattern means what the regular expression of its pieces means', () => {
  const names = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 })
  const given = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(given, names, (one, name) => {
      const pieces = one.split('*').map(piece => piece.replaceAll('.', '\\.'))
      assert.equal(matches(one, name), new RegExp(`^${pieces.join('.*')}$`).test(name))
    }),
    { numRuns: 2000 },
  )
})

test('the worst pattern on the longest name ends at once', () => {
  assert.equal(matches(`${'*a'.repeat(99)}*b`, 'a'.repeat(255)), false)
})

test('a regular expression is refused, for it would match nothing', () => {
  for (const one of ['^v.*', 'v[0-9]', 'v1|v2', '.*', 'a+', '', 'a b', 'a'.repeat(201)]) {
    assert.equal(pattern.safeParse(one).success, false, one)
  }
  for (const one of ['*', 'team/*', 'v1.*', '*-pr-*', '_tag']) assert.equal(pattern.safeParse(one).success, true, one)
})

test('the nearest says most of the name', () => {
  const all = ['*', 'team/*', '*/app', 'team/app', '**********']
  assert.equal(all.toSorted((a, b) => nearness(b) - nearness(a))[0], 'team/app')
})
