import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { golden, memoryIndex } from './search.fixture.ts'
import { search } from './search.ts'

const cookie = {
  path: 'src/cookie.ts',
  text: ['// Cookies.', 'export function serializeCookie(name: string) {', '  return name', '}'].join('\n'),
  units: [{ name: 'serializeCookie', startLine: 2, doc: '' }],
}
const retry = {
  path: 'src/retry.ts',
  text: ['/** Tries again with growing pauses. */', 'export function retryLater(cookie: string) {', '}'].join('\n'),
  units: [{ name: 'retryLater', nameLine: 2, doc: 'Tries again with growing pauses.' }],
}
const python = {
  path: 'lib/cookie.py',
  text: 'def serialize(cookie):\n    return cookie',
  units: [{ name: 'serialize' }],
}

test('a question finds the passage by parts of its name, forms of its words and its doc', () => {
  const index = memoryIndex({ 'acme/web': [cookie, retry] })
  const asked = (question: string) => search(index, question, { golden: golden('acme/web'), limit: 5 })[0]
  assert.equal(asked('how is a cookie serialized')?.name, 'serializeCookie')
  assert.equal(asked('pausing before trying again')?.name, 'retryLater')
  assert.equal(asked('no such thing whatsoever'), undefined)
})

test('a passage is the lines of its place as they stand there', () => {
  const index = memoryIndex({ 'acme/web': [cookie] })
  const [passage] = search(index, 'serialize cookie', { golden: golden('acme/web'), limit: 1 })
  assert.deepEqual(
    { ...passage, score: 0 },
    {
      repository: 'acme/web',
      commit: 'c'.repeat(40),
      path: 'src/cookie.ts',
      startLine: 2,
      endLine: 4,
      kind: 'function',
      name: 'serializeCookie',
      container: '',
      doc: '',
      language: 'typescript',
      text: 'export function serializeCookie(name: string) {\n  return name\n}',
      score: 0,
    },
  )
})

test('only the repositories that were given answer, however many others are better', () => {
  const other = Array.from({ length: 300 }, (_, at) => ({ ...cookie, path: `src/cookie-${at}.ts` }))
  const index = memoryIndex({ 'acme/web': [retry], 'evil/other': other })
  const found = search(index, 'serialize cookie', { golden: golden('acme/web'), limit: 5 })
  assert.deepEqual(
    found.map(({ repository }) => repository),
    ['acme/web'],
  )
  assert.deepEqual(search(index, 'serialize cookie', { golden: [], limit: 5 }), [])
})

test('a language that was not asked for stays out', () => {
  const index = memoryIndex({ 'acme/web': [cookie, python] })
  const found = search(index, 'serialize cookie', { golden: golden('acme/web'), limit: 5, languages: ['python'] })
  assert.deepEqual(
    found.map(({ path }) => path),
    ['lib/cookie.py'],
  )
})

test('weight and a topic that is named move a repository up', () => {
  const copy = { ...cookie, text: cookie.text.replace('return name', 'return encode(name)') }
  const index = memoryIndex({ 'acme/a': [cookie], 'acme/b': [copy] })
  const first = (question: string, b: { weight: number; topics: string[] }) =>
    search(index, question, { golden: [...golden('acme/a'), { name: 'acme/b', ...b }], limit: 2 })[0]?.repository
  assert.equal(first('serialize cookie', { weight: 1, topics: [] }), 'acme/a')
  assert.equal(first('serialize cookie', { weight: 2, topics: [] }), 'acme/b')
  assert.equal(first('serialize cookie in web servers', { weight: 1, topics: ['web server'] }), 'acme/b')
})

test('a text that stands in several repositories is shown once', () => {
  const index = memoryIndex({ 'acme/a': [cookie], 'acme/b': [cookie] })
  assert.equal(search(index, 'serialize cookie', { golden: golden('acme/a', 'acme/b'), limit: 5 }).length, 1)
})

test('no question breaks the search', () => {
  const index = memoryIndex({ 'acme/web': [cookie, retry] })
  const ask = (question: string) => search(index, question, { golden: golden('acme/web'), limit: 3 })
  for (const question of [
    '"',
    'NEAR(a b, 2)',
    'name : x',
    'cookie*',
    '-cookie',
    'a AND',
    '^cookie',
    '{name doc}: x',
    '\0',
  ]) {
    ask(question)
  }
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), question => void ask(question)))
  assert.equal(ask('cookie*) OR name:("x')[0]?.name, 'serializeCookie')
})
