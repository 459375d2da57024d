import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseChallenges } from './challenge.ts'

test('challenges as registries send them', () => {
  assert.deepEqual(parseChallenges('Bearer realm="https://a/token",service="b",scope="repository:x:pull,push"'), [
    { scheme: 'bearer', realm: 'https://a/token', service: 'b', scope: 'repository:x:pull,push' },
  ])
  assert.deepEqual(parseChallenges('  basic realm=x , Bearer Realm = "a\\"b" , error="insufficient_scope"'), [
    { scheme: 'basic' },
    { scheme: 'bearer', realm: 'a"b', error: 'insufficient_scope' },
  ])
  assert.deepEqual(parseChallenges('Negotiate, Basic'), [{ scheme: 'basic' }])
  assert.deepEqual(parseChallenges('Bearer service="no realm"'), [])
})

test('any header is read without a fault', () => {
  const near = fc.string({ unit: fc.constantFrom(...'Bearer realm="x",\\ =basic'), maxLength: 200 })
  fc.assert(fc.property(fc.oneof(fc.string(), near), header => Array.isArray(parseChallenges(header))))
})

test('a value is read back whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }), realm => {
      const quoted = realm.replace(/["\\]/g, '\\$&')
      assert.deepEqual(parseChallenges(`Bearer realm="${quoted}"`), [{ scheme: 'bearer', realm }])
    }),
  )
})
