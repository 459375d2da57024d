import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expiryOf, scopeActions } from './az-words.ts'

test('repositories and their actions come in one row of words', () => {
  assert.deepEqual(scopeActions([]), [])
  assert.deepEqual(scopeActions(['team/app', 'content/read', 'Content/Write', 'other/*', 'metadata/read']), [
    'repositories/team/app/content/read',
    'repositories/team/app/Content/Write',
    'repositories/other/*/metadata/read',
  ])
  assert.deepEqual(scopeActions(['content/read', 'content/read']), ['repositories/content/read/content/read'])
  for (const words of [['app'], ['app', 'other', 'content/read'], ['app', 'content/read', 'other']]) {
    assert.throws(() => scopeActions(words), /followed by no action/)
  }
})

test('a password ends after days, at a time, or never', () => {
  const now = Date.UTC(2026, 0, 1)
  assert.equal(expiryOf({}, now), null)
  assert.equal(expiryOf({ expirationInDays: '30' }, now), Date.UTC(2026, 0, 31))
  assert.equal(expiryOf({ expiration: '2027-01-31T12:00:00Z' }, now), Date.UTC(2027, 0, 31, 12))
  for (const wrong of [{ expirationInDays: '0' }, { expirationInDays: '1.5' }, { expiration: 'soon' }]) {
    assert.throws(() => expiryOf(wrong, now))
  }
})
