import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_QUESTION, readFromPage } from './messages.ts'

test('what a page says is taken only in its form', () => {
  assert.deepEqual(readFromPage({ type: 'ask', question: ' why? ' }), { type: 'ask', question: 'why?' })
  assert.deepEqual(readFromPage({ type: 'open', index: 0, number: 2, more: true }), {
    type: 'open',
    index: 0,
    number: 2,
  })
  assert.deepEqual(readFromPage({ type: 'stop', question: 'x' }), { type: 'stop' })
  const odd = [undefined, null, 'ask', 7, {}, { type: 'run' }, { type: 'ask' }, { type: 'ask', question: ' \n' }]
  for (const message of [...odd, { type: 'open', index: '0', number: 1 }, { type: 'open', index: 0.5, number: 1 }]) {
    assert.equal(readFromPage(message), undefined, JSON.stringify(message))
  }
  assert.equal(readFromPage({ type: 'ask', question: 'x'.repeat(MAX_QUESTION + 1) }), undefined)
})
