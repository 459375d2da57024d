import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf } from './parts.ts'

test('numbers of the answer’s citations become citations, in prose alone', () => {
  assert.deepEqual(blocksOf('Keep the cause [2], not `items[1]` [9].', 2), [
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
  const blocks = blocksOf('As here:\n\n```ts\nconst a = b[1]\n\nconst c = 2\n```\n\nand\n\n```\nopen [1]', 3)
  assert.deepEqual(blocks, [
    { kind: 'paragraph', spans: [{ kind: 'text', text: 'As here:' }] },
    { kind: 'code', language: 'ts', text: 'const a = b[1]\n\nconst c = 2' },
    { kind: 'paragraph', spans: [{ kind: 'text', text: 'and' }] },
    { kind: 'code', language: '', text: 'open [1]' },
  ])
})

test('an answer without words has no blocks', () => {
  assert.deepEqual(blocksOf(' \n\n', 0), [])
})
