import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { returnPath } from './return-path.ts'

test('a path of ours comes out as it went in, or escaped', () => {
  for (const path of ['/', '/registries', '/device?code=ABCD-EFGH', '/a/b?c=d&e=%2F%2F#top', '/a//b'])
    assert.equal(returnPath(path), path)
  assert.equal(returnPath('/ä b'), '/%C3%A4%20b')
})

const EVIL = [
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'javascript:alert(1)',
  'evil.example',
  '///evil.example',
  '',
  ' //evil.example',
  `/${'a'.repeat(1000)}`,
]

test('nothing else does', () => {
  for (const text of EVIL) assert.throws(() => returnPath(text), { code: 'RETURN_REFUSED' }, text)
})

test('whatever comes out, a browser stays on this host', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '//',
    '%2f',
    '%5c',
    '%2e',
    '@',
    ':',
    '?',
    '#',
    'a',
    '\t',
    'evil.example',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
      let out: string
      try {
        out = returnPath(pieces.join(''))
      } catch {
        return
      }
      for (const base of ['http://ours.example:7070/auth/oidc/x', 'https://ours.example/'])
        assert.equal(new URL(out, base).host, new URL(base).host, out)
      assert.match(out, /^[\x21-\x7e]+$/)
    }),
    { numRuns: 5000 },
  )
})
