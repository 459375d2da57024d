import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { goldenUri, parseGoldenUri } from './golden-uri.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'

test('a golden file is named, and found by its name', () => {
  const file = { repository: 'owner/name', commit, path: 'src/a b#1.ts' }
  assert.equal(goldenUri(file), `golden:/owner/name@${commit}/src/a%20b%231.ts`)
  assert.deepEqual(parseGoldenUri(goldenUri(file)), file)
  assert.deepEqual(parseGoldenUri(`golden:///owner/name%40${commit}/src/a%20b%231.ts#L3`), file)
})

test('whatever a repository and its files are called', () => {
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter(text => !/@/.test(text) && text.isWellFormed())
  fc.assert(
    fc.property(name, name, (repository, path) => {
      fc.pre(!repository.startsWith('/') && !path.startsWith('/'))
      assert.deepEqual(parseGoldenUri(goldenUri({ repository, commit, path })), { repository, commit, path })
    }),
  )
})

test('what is no name of ours is none', () => {
  for (const uri of [
    '',
    'golden:',
    'file:///a',
    `golden:/a@${commit}`,
    `golden:/a@123/b`,
    `golden:/a@${commit}/%E0%A4`,
  ]) {
    assert.equal(parseGoldenUri(uri), undefined, uri)
  }
})
