import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf } from './parts.ts'

test('numbers of the answer’s citations become citations, in prose alone', () => {
  assert.deepEqual(blocksOf('Keep the cause [2], not `items[1]` [9].', new Set([2, 12])), [
    {
      kind: 'paragraph',
      spans: [
        { kind: 'text', text: 'Keep the cause ' },
        { kind: 'citation', number: 2 },
        { kind: 'text', text: ', not ' },
        { kind: 'code', text: 'items[1]' },
        { kind: 'text', text: ' [9].' },
      ],
    },
  ])
})

test('fenced code stays as it is, also while it still comes', () => {
  const blocks = blocksOf(
    'As here:\n\n```ts\nconst a = b[1]\n\nconst c = 2\n```\n\nand\n\n```\nopen [1]',
    new Set([1, 2, 3]),
  )
  assert.deepEqual(blocks, [
    { kind: 'paragraph', spans: [{ kind: 'text', text: 'As here:' }] },
    { kind: 'code', language: 'ts', text: 'const a = b[1]\n\nconst c = 2' },
    { kind: 'paragraph', spans: [{ kind: 'text', text: 'and' }] },
    { kind: 'code', language: '', text: 'open [1]' },
  ])
})

test('a longer fence holds shorter ones', () => {
  assert.deepEqual(blocksOf('````md\n```ts\na\n```\n````', new Set()), [
    { kind: 'code', language: 'md', text: '```ts\na\n```' },
  ])
})

test('an answer without words has no blocks', () => {
  assert.deepEqual(blocksOf(' \n\n', new Set()), [])
})

test('a sentence without a source is marked, and what the mentor escaped is text again', () => {
  assert.deepEqual(blocksOf('Use Map&lt;K> *(not from your golden repositories)*', new Set()), [
    {
      kind: 'paragraph',
      spans: [
        { kind: 'text', text: 'Use Map<K> ' },
        { kind: 'mark', text: '(not from your golden repositories)' },
      ],
    },
  ])
})
