import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dueAt, stateOf } from './state.ts'

const DAY = 86_400_000
const at = (days: number, expires: number | null) =>
  stateOf({ createdAt: 0, expiresAt: expires === null ? null : expires * DAY }, days * DAY)

test('one that does not end is due after 90 days and overdue after 120', () => {
  assert.deepEqual(
    [0, 89.9, 90, 119.9, 120, 900].map(days => at(days, null)),
    ['fine', 'fine', 'due', 'due', 'overdue', 'overdue'],
  )
})

test('one that ends is due before it does, however short its life, and expired from then on', () => {
  assert.deepEqual(
    [75.9, 76, 89.9, 90].map(days => at(days, 90)),
    ['fine', 'due', 'due', 'expired'],
  )
  assert.equal(dueAt({ createdAt: 0, expiresAt: 8 * DAY }), 6 * DAY)
  assert.deepEqual([at(90, 730), at(120, 730)], ['due', 'overdue'], 'a long life makes nobody wait for its end')
  assert.equal(at(0, -1), 'expired')
})
