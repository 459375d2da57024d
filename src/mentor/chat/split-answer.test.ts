import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitAnswer } from './split-answer.ts'

function split(text: string, size = text.length || 1): string[] {
  const splitter = splitAnswer()
  const parts = []
  for (let at = 0; at < text.length; at += size) parts.push(...splitter.push(text.slice(at, at + size)))
  return [...parts, ...splitter.end()].map(({ kind, text: part }) => (kind === 'code' ? `CODE ${part}` : part))
}

test('sentences end where sentences end, and take their citations with them', () => {
  assert.deepEqual(split('Errors keep a cause. [1] [2] Why? Ask "me." Then `a. B` is 1.5 e.g. Two.'), [
    'Errors keep a cause. [1] [2] ',
    'Why? ',
    'Ask "me." ',
    'Then `a. B` is 1.5 e.g. Two.',
  ])
  assert.deepEqual(split('One line\ngoes on [1].\n\n- a list\n- of two\n# Title\nText'), [
    'One line\ngoes on [1].\n',
    '\n',
    '- a list\n',
    '- of two\n',
    '# Title\n',
    'Text',
  ])
})

test('fenced blocks stay whole, whatever is in them', () => {
  const block = '```ts\nitems[1]. Next\n\n``\n```\n'
  assert.deepEqual(split(`See.\n${block}After.`), ['See.\n', `CODE ${block}`, 'After.'])
  assert.deepEqual(split('~~~\n```\nx\n~~~~\nEnd'), ['CODE ~~~\n```\nx\n~~~~\n', 'End'])
  assert.deepEqual(split('```\nnever closed. X\n'), ['CODE ```\nnever closed. X\n'])
  assert.deepEqual(split('``` a`b\nText. More'), ['``` a`b\nText. ', 'More'])
})

const piece = fc.constantFrom(
  'Errors keep their cause',
  '. ',
  '.',
  '\n',
  '\n\n',
  ' [1]',
  ' [2, 3].',
  '`a. B[1]`',
  '`',
  '```ts\n',
  '```',
  '~~~',
  '- ',
  '1. ',
  '# ',
  '> ',
  '|',
  ' ',
  'e.g. ',
  '【4】',
  'é',
  '?',
)
const answer = fc.array(piece, { maxLength: 40 }).map(parts => parts.join(''))

test('all parts together are the answer, and how it came in does not matter', () => {
  fc.assert(
    fc.property(answer, fc.integer({ min: 1, max: 9 }), (text, size) => {
      const parts = split(text, size)
      assert.equal(parts.map(part => part.replace(/^CODE /, '')).join(''), text)
      assert.deepEqual(parts, split(text))
    }),
    { numRuns: 1_000 },
  )
})

test('a sentence without an end is cut', () => {
  const parts = split('word '.repeat(10_000), 100)
  assert.ok(parts.length > 4)
  assert.ok(parts.every(part => part.length <= 8_000))
})
