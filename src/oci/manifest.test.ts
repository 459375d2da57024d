import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../kernel/index.ts'
import { digestOf } from './digest.ts'
import { parseManifest, referrerDescriptor } from './manifest.ts'
import { isForeignLayer, mediaTypes } from './media-types.ts'

const bytesOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const described = (mediaType: string, text: string) => ({ mediaType, digest: digestOf(text), size: text.length })
const config = described(mediaTypes.ociConfig, 'config')
const layer = described(mediaTypes.ociLayerGzip, 'layer')
const image = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] }
const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [described(mediaTypes.ociManifest, 'm')] }

test('an image, an index, an artifact', () => {
  const read = parseManifest(bytesOf({ ...image, annotations: { a: 'b' }, subject: layer, extra: { kept: 1 } }))
  assert.equal(read.kind, 'image')
  assert.equal(read.artifactType, mediaTypes.ociConfig)
  assert.deepEqual([read.config, read.layers, read.subject, read.annotations], [config, [layer], layer, { a: 'b' }])
  const platform = { architecture: 'arm64', os: 'linux', variant: 'v8', 'os.features': ['x'] }
  const list = parseManifest(
    bytesOf({ ...index, manifests: [{ ...index.manifests[0], platform }] }),
    mediaTypes.ociIndex,
  )
  assert.deepEqual(list.manifests[0]?.platform, { architecture: 'arm64', os: 'linux', variant: 'v8' })
  const artifact = parseManifest(bytesOf({ mediaType: mediaTypes.ociArtifact, artifactType: 'a/b', blobs: [layer] }))
  assert.deepEqual([artifact.kind, artifact.layers, artifact.artifactType], ['artifact', [layer], 'a/b'])
})

test('the media type of the request and of the document', () => {
  const { mediaType: _, ...bare } = image
  assert.equal(parseManifest(bytesOf(bare), mediaTypes.dockerManifest).mediaType, mediaTypes.dockerManifest)
  assert.equal(parseManifest(bytesOf(bare)).mediaType, mediaTypes.ociManifest)
  assert.equal(parseManifest(bytesOf(image), `${mediaTypes.ociManifest}; charset=utf-8`).kind, 'image')
  assert.equal(parseManifest(bytesOf(image), 'application/json').kind, 'image')
  assert.throws(() => parseManifest(bytesOf(image), mediaTypes.dockerManifest), /but it was sent as/)
  assert.throws(() => parseManifest(bytesOf({}), undefined), /no mediaType/)
})

test('empty lists are lists, also as null', () => {
  assert.deepEqual(parseManifest(bytesOf({ ...image, layers: null })).layers, [])
  assert.deepEqual(parseManifest(bytesOf({ schemaVersion: 2, mediaType: mediaTypes.ociIndex })).manifests, [])
})

test('an unknown type is read as far as it can be, and never refused for its shape', () => {
  const type = 'application/vnd.example.thing+json'
  const read = parseManifest(
    bytesOf({ config: 'text', layers: [layer, 7], subject: layer, manifests: { no: 1 } }),
    type,
  )
  assert.deepEqual([read.kind, read.config, read.layers, read.subject], ['other', undefined, [layer], layer])
})

test('what is refused, and in which words', () => {
  const cases: [unknown, RegExp][] = [
    ['{', /it is not JSON/],
    ['[]', /it is not a JSON object/],
    ['\ufeff{}', /it is not JSON/],
    [{ ...image, schemaVersion: 1 }, /schemaVersion is not 2/],
    [{ ...image, config: undefined }, /config is missing/],
    [{ ...image, layers: {} }, /layers is not a list/],
    [{ ...image, layers: [layer, { ...layer, size: -1 }] }, /layers\[1\]\.size is not a whole number of bytes/],
    [{ ...image, layers: [{ ...layer, size: '7' }] }, /layers\[0\]\.size/],
    [{ ...image, layers: [{ ...layer, digest: 'sha256:x' }] }, /layers\[0\]\.digest: .*64 lower-case hex/],
    [{ ...image, layers: [{ ...layer, mediaType: 'a\u0000' }] }, /layers\[0\]\.mediaType/],
    [{ ...image, manifests: index.manifests }, /has no manifests/],
    [{ ...index, layers: [layer] }, /has no layers/],
    [{ ...image, annotations: { a: 1 } }, /annotations: the value of "a" is not text/],
    [{ ...image, annotations: { a: '\u0000' } }, /annotations has a NUL/],
    [{ ...image, artifactType: 'nonsense' }, /artifactType "nonsense"/],
    [{ ...image, mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws' }, /schema 1/],
    [`{"a":${'['.repeat(100)}${']'.repeat(100)}}`, /deeper than 64/],
  ]
  for (const [value, words] of cases) {
    assert.throws(() => parseManifest(bytesOf(value)), { code: 'MANIFEST_INVALID', message: words })
  }
  assert.throws(() => parseManifest(Buffer.from([0x7b, 0xff, 0x7d])), /not UTF-8/)
  assert.throws(() => parseManifest(bytesOf(image), undefined, { bytes: 10, depth: 9 }), /10 is the most/)
})

test('brackets inside of texts are no depth', () => {
  const text = `\\"${'[{'.repeat(200)}`
  assert.equal(parseManifest(bytesOf({ ...image, annotations: { text } })).annotations.text, text)
})

test('four megabytes of brackets are refused, not recursed into', () => {
  assert.throws(() => parseManifest(Buffer.alloc(4 * 1024 * 1024, '[')), { code: 'MANIFEST_INVALID' })
})

test('a referrer shows its type and annotations', () => {
  const bytes = bytesOf({ ...image, annotations: { a: 'b' }, subject: layer })
  const shown = referrerDescriptor(parseManifest(bytes), digestOf(bytes), bytes.length)
  assert.deepEqual(
    [shown.artifactType, shown.annotations, shown.size],
    [mediaTypes.ociConfig, { a: 'b' }, bytes.length],
  )
})

test('foreign layers are known by their type', () => {
  assert.ok(isForeignLayer(mediaTypes.dockerForeignLayer))
  assert.ok(isForeignLayer('application/vnd.oci.image.layer.nondistributable.v1.tar+zstd'))
  assert.ok(!isForeignLayer(mediaTypes.ociLayerGzip))
})

// Documents near a real one reach deeper than random JSON does.
const value = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(config, [layer], [[layer]], null, 2, '', { a: 'b' }))
const near = fc
  .dictionary(
    fc.constantFrom(
      'schemaVersion',
      'config',
      'layers',
      'blobs',
      'manifests',
      'subject',
      'annotations',
      'artifactType',
    ),
    value,
  )
  .map(changes => ({ ...image, ...changes }))

test('any bytes are a manifest or a failure', () => {
  const type = fc.constantFrom(undefined, ...Object.values(mediaTypes), 'x/y', 'nonsense')
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(bytesOf), near.map(bytesOf)), type, (bytes, contentType) => {
      const before = Buffer.from(bytes)
      try {
        parseManifest(bytes, contentType)
      } catch (error) {
        assert.ok(error instanceof Failure && error.code === 'MANIFEST_INVALID', String(error))
      }
      assert.ok(before.equals(bytes))
    }),
    { numRuns: 500 },
  )
})
