import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'
import { newId, randomText } from './id.ts'

const at = (now: number): Clock => ({ ...systemClock('n'), now: () => now })

test('an id has its prefix and 26 characters that nobody mistakes', () => {
  assert.match(newId(systemClock('n'), 'reg'), /^reg_[0-9a-hjkmnp-tv-z]{26}$/)
})

test('ids sort by time, to the millisecond and past 2^32', () => {
  const times = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1]
  const ids = times.map(time => newId(at(time), 'x'))
  assert.deepEqual([...ids].sort(), ids)
})

test('the time part is that of a ULID', () => {
  assert.equal(newId(at(1_469_918_176_385), 'x').slice(2, 12), '01aryz6s41')
})

test('random text has the length asked for and differs', () => {
  const clock = systemClock('n')
  assert.equal(randomText(clock, 26).length, 26)
  assert.notEqual(randomText(clock, 26), randomText(clock, 26))
})
