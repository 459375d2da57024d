import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyOf, questionWords, sameWord, splitWords } from './words.ts'

test('identifiers are cut where a reader hears words', () => {
  assert.deepEqual(splitWords('parseHTTPHeader2'), ['parse', 'http', 'header', '2'])
  assert.deepEqual(splitWords('get_user_by_id'), ['get', 'user', 'by', 'id'])
  assert.deepEqual(splitWords('sha256sum $refs.ioError'), ['sha', '256', 'sum', 'refs', 'io', 'error'])
  assert.deepEqual(splitWords('größerAls'), ['größer', 'als'])
})

test('a question keeps what tells, and all of it where nothing does', () => {
  assert.deepEqual(questionWords('How do we set the Cookie of a response?'), ['set', 'cookie', 'response'])
  assert.deepEqual(questionWords('what is it'), ['what', 'is', 'it'])
  assert.deepEqual(questionWords(' ?! "*" '), [])
})

test('a question is bounded in words and in length', () => {
  const many = Array.from(
    { length: 200 },
    (_, at) => `w${String.fromCharCode(97 + (at % 26))}${'x'.repeat(at % 7)}${at}`,
  )
  assert.equal(questionWords(many.join(' ')).length, 32)
  assert.deepEqual(questionWords('x'.repeat(65)), [])
})

test('whatever is asked, FTS5 is given quoted words and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), question => {
      assert.match(anyOf(questionWords(question)), /^(?:"[\p{L}\p{M}\p{N}]+"(?: OR |$))*$/u)
    }),
  )
})

test('forms of a word are the same word, words that only begin alike are not', () => {
  for (const [one, other] of [
    ['parse', 'parsing'],
    ['files', 'file'],
    ['key', 'keys'],
    ['create', 'creates'],
  ] as const) {
    assert.equal(sameWord(one, other), true, `${one} ${other}`)
  }
  for (const [one, other] of [
    ['to', 'token'],
    ['port', 'portability'],
    ['read', 'reduce'],
    ['id', 'ids'],
  ] as const) {
    assert.equal(sameWord(one, other), false, `${one} ${other}`)
  }
})
