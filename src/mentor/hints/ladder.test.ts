import assert from 'node:assert/strict'
import { test } from 'node:test'
import { higher, openRungs } from './ladder.ts'

test('who learns climbs one step at a time, and may go back', () => {
  assert.deepEqual(openRungs('learning', 'nudge'), ['why'])
  assert.deepEqual(openRungs('learning', 'why'), ['why', 'golden'])
  assert.deepEqual(openRungs('learning', 'golden'), ['why', 'golden', 'sketch'])
  assert.deepEqual(openRungs('learning', 'sketch'), ['why', 'golden', 'sketch'])
})

test('in pairing every step stands open', () => {
  assert.deepEqual(openRungs('pairing', 'nudge'), ['why', 'golden', 'sketch'])
})

test('nobody falls from the ladder', () => {
  assert.equal(higher('golden', 'why'), 'golden')
  assert.equal(higher('why', 'sketch'), 'sketch')
})
