import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseByteRange, parseChunkRange } from './byte-range.ts'
import { parseQuery, parseRoute } from './route.ts'

test('paths are read from the right, so a repository may be named like an endpoint', () => {
  const cases: [string, string, string, string][] = [
    ['/v2/', 'base', '', ''],
    ['/v2', 'base', '', ''],
    ['/v2/_catalog', 'catalog', '', ''],
    ['/v2/a/manifests/v1', 'manifest', 'a', 'v1'],
    ['/v2/a/b/blobs/manifests/manifests/v1', 'manifest', 'a/b/blobs/manifests', 'v1'],
    ['/v2/a/blobs/sha256:00', 'blob', 'a', 'sha256:00'],
    ['/v2/a/blobs/sha256%3A00', 'blob', 'a', 'sha256:00'],
    ['/v2/a/blobs/uploads/', 'uploads', 'a', ''],
    ['/v2/a/blobs/uploads', 'uploads', 'a', ''],
    ['/v2/a/blobs/uploads/0-x', 'upload', 'a', '0-x'],
    ['/v2/uploads/blobs/uploads/0-x', 'upload', 'uploads', '0-x'],
    ['/v2/a/tags/list', 'tags', 'a', ''],
    ['/v2/tags/list/tags/list', 'tags', 'tags/list', ''],
    ['/v2/a/referrers/sha256:00', 'referrers', 'a', 'sha256:00'],
    ['/acr/v1/_catalog', 'acr-catalog', '', ''],
    ['/acr/v1/a', 'acr-repository', 'a', ''],
    ['/acr/v1/a%2Fb/c', 'acr-repository', 'a/b/c', ''],
    ['/acr/v1/a/b/_tags', 'acr-tags', 'a/b', ''],
    ['/acr/v1/a/b/_tags/v1', 'acr-tag', 'a/b', 'v1'],
    ['/acr/v1/tags/manifests/_manifests', 'acr-manifests', 'tags/manifests', ''],
    ['/acr/v1/a/_manifests/sha256%3A00', 'acr-manifest', 'a', 'sha256:00'],
  ]
  for (const [path, kind, name, rest] of cases) assert.deepEqual(parseRoute(path), { kind, name, rest }, path)
  const none = [
    '/',
    '/v1/',
    '/v2x/',
    '/v2/manifests/v1',
    '/v2//manifests/v1',
    '/v2/a',
    '/v2/a/tags/other',
    '/v2/a/_catalog',
    '/acr/v1/',
    '/acr/v1',
    '/acr/v2/a',
    '/acr/v1/_catalog/_tags',
  ]
  for (const path of none) assert.equal(parseRoute(path), undefined, path)
})

test('no path makes it throw anything but its own refusal', () => {
  const part = fc.constantFrom(
    '/',
    'v2',
    'a',
    'manifests',
    'blobs',
    'uploads',
    'tags',
    'list',
    '%',
    '%2f',
    '%00',
    '%ff',
    '_catalog',
    '/acr/v1/',
    '/_tags',
    '/_manifests',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), parts => {
      try {
        const route = parseRoute(parts.join(''))
        assert.ok(!route || route.kind === 'base' || route.kind.endsWith('catalog') || route.name.length > 0)
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'NAME_INVALID')
      }
    }),
  )
})

test('a query with NUL or broken UTF-8 is refused', () => {
  assert.equal(parseQuery('last=a%20b').get('last'), 'a b')
  for (const query of ['last=%00', 'last=%ff', 'last=%']) assert.throws(() => parseQuery(query), { status: 400 }, query)
})

test('a range gives the bytes it names, inside the blob', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), fc.nat(200), (size, from, length) => {
      const asked = `bytes=${from}-${from + length}`
      if (from >= size) assert.throws(() => parseByteRange(asked, size), { status: 416 })
      else assert.deepEqual(parseByteRange(asked, size), { from, to: Math.min(from + length, size - 1) })
    }),
  )
  for (const header of [undefined, 'bytes=-', 'bytes=0-1,5-6', 'lines=0-1', 'bytes=a-b', '']) {
    assert.equal(parseByteRange(header, 10), undefined, `${header}`)
  }
  assert.throws(() => parseByteRange('bytes=0-', 0), { status: 416 })
  assert.throws(() => parseByteRange('bytes=-5', 0), { status: 416 })
})

test('a chunk range has both ends, in order', () => {
  assert.deepEqual(parseChunkRange('0-9'), { from: 0, to: 9 })
  assert.deepEqual(parseChunkRange('bytes 5-5/*'), { from: 5, to: 5 })
  assert.equal(parseChunkRange(undefined), undefined)
  for (const header of ['', '9', '5-4', '-5', '5-', '0-99999999999999999999']) {
    assert.throws(() => parseChunkRange(header), { status: 400 }, `${header}`)
  }
})
