import assert from 'node:assert/strict'
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { readBundle, readEnvelope } from './read-bundle.ts'
import { readSimpleSigning } from './read-simple-signing.ts'
import { APPROVES, approves, type Signature } from './signature.ts'
import { PEMS, recordedLayer, SIGNED, V1, V2 } from './trust.fixture.ts'
import { verifies } from './verify.ts'

const key = (name: keyof typeof PEMS) => createPublicKey(PEMS[name])
const verified = ({ signed }: Signature, name: keyof typeof PEMS, manifest?: Uint8Array) =>
  signed !== undefined && verifies(signed, key(name), manifest)

const bundle = recordedLayer(SIGNED.bundle)
const simple = recordedLayer(SIGNED.tagged)

test('cosign’s bundle is of its image, by its key and no other', () => {
  const signature = readBundle(bundle.bytes)
  assert.equal(signature.why, '')
  assert.ok(approves(signature, V1))
  assert.ok(!approves(signature, V2))
  assert.ok(verified(signature, 'cosign'))
  for (const other of ['other', 'rsa', 'ed'] as const) assert.ok(!verified(signature, other), other)
})

test('cosign’s first form is of its image, by its key and no other', () => {
  const signature = readSimpleSigning(simple.bytes, simple.annotations)
  assert.equal(signature.why, '')
  assert.ok(approves(signature, V2))
  assert.ok(!approves(signature, V1))
  assert.ok(verified(signature, 'cosign'))
  for (const other of ['other', 'rsa', 'ed'] as const) assert.ok(!verified(signature, other), other)
})

test('cosign’s RSA signatures verify in both forms', () => {
  const inBundle = readBundle(
    recordedLayer('sha256:c51d7636f8f969ce5c54686c81b3d71e06ad081d31bca7fea7cc81433626318c').bytes,
  )
  const first = recordedLayer('sha256:a5cde5eaa09397458427df3ffc718936c339e0edd9f1ec0bbb5aa5f1f225cc49')
  assert.ok(verified(inBundle, 'rsa'))
  assert.ok(verified(readSimpleSigning(first.bytes, first.annotations), 'rsa'))
  assert.ok(!verified(inBundle, 'cosign'))
})

test('an attestation by the same key is verified, and approves nothing', () => {
  const signature = readBundle(recordedLayer(SIGNED.attestation).bytes)
  assert.ok(verified(signature, 'cosign'))
  assert.deepEqual(signature.subjects, [V1])
  assert.ok(!approves(signature, V1))
  const first = readEnvelope(recordedLayer(SIGNED.taggedAttestation).bytes)
  assert.ok(verified(first, 'cosign'))
  assert.deepEqual(first.subjects, [V2])
  assert.ok(!approves(first, V2))
})

test('a statement signed by Ed25519, and a message signature of the manifest itself', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const statement = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: APPROVES,
      subject: [{ digest: { sha256: V1.slice(7) } }],
    }),
  )
  const type = 'application/vnd.in-toto+json'
  const signedBytes = Buffer.from(`DSSEv1 ${type.length} ${type} ${statement.length} ${statement}`)
  const sig = sign(null, signedBytes, privateKey).toString('base64')
  const envelope = { payload: statement.toString('base64'), payloadType: type, signatures: [{ sig }] }
  const signature = readEnvelope(Buffer.from(JSON.stringify(envelope)))
  assert.ok(approves(signature, V1))
  assert.ok(signature.signed && verifies(signature.signed, publicKey))

  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const manifest = Buffer.from('{"schemaVersion":2}')
  const digest = createHash('sha256').update(manifest).digest()
  const text = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: '' } },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: digest.toString('base64') },
      signature: sign('sha256', manifest, pair.privateKey).toString('base64'),
    },
  }
  const message = readBundle(Buffer.from(JSON.stringify(text)))
  assert.ok(approves(message, `sha256:${digest.toString('hex')}`))
  assert.ok(message.signed && verifies(message.signed, pair.publicKey, manifest))
  assert.ok(!verifies(message.signed, pair.publicKey, Buffer.from('{"schemaVersion":3}')))
  assert.ok(!verifies(message.signed, pair.publicKey), 'the bytes that it is of are not here')
})

test('whatever byte of a bundle is changed: no key verifies it as a signature of another image or with other words', () => {
  const whole = readBundle(bundle.bytes)
  const at = fc.nat({ max: bundle.bytes.length - 1 })
  fc.assert(
    fc.property(at, fc.integer({ min: 1, max: 255 }), (index, flip) => {
      const bytes = Buffer.from(bundle.bytes)
      bytes[index] = (bytes[index] ?? 0) ^ flip
      const signature = readBundle(bytes)
      if (!verified(signature, 'cosign')) return
      // What is outside of the envelope is not signed; what verifies says what it said.
      assert.deepEqual(signature.signed, whole.signed)
      assert.deepEqual(signature.subjects, whole.subjects)
    }),
    { numRuns: 3000 },
  )
})

test('whatever byte of a payload or its signature is changed: it is not verified', () => {
  const annotation = 'dev.cosignproject.cosign/signature'
  const sig = Buffer.from(simple.annotations[annotation] ?? '', 'base64')
  const flipped = (bytes: Buffer, index: number, flip: number) => {
    const copy = Buffer.from(bytes)
    copy[index % copy.length] = (copy[index % copy.length] ?? 0) ^ flip
    return copy
  }
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), fc.integer({ min: 1, max: 255 }), fc.boolean(), (index, flip, ofPayload) => {
      const payload = ofPayload ? flipped(simple.bytes, index, flip) : simple.bytes
      const other = ofPayload ? sig : flipped(sig, index, flip)
      const signature = readSimpleSigning(payload, { [annotation]: other.toString('base64') })
      assert.ok(!verified(signature, 'cosign'))
    }),
    { numRuns: 1000 },
  )
})

test('any JSON and any bytes: read or said to be unreadable, never thrown, never verified', () => {
  const fields = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record(
      {
        mediaType: fc.oneof(fc.constant('application/vnd.dev.sigstore.bundle.v0.3+json'), fc.jsonValue()),
        verificationMaterial: fc.oneof(
          fc.constant({ publicKey: {} }),
          fc.constant({ certificate: { rawBytes: 'MAA=' } }),
          fc.jsonValue(),
        ),
        dsseEnvelope: fc.oneof(
          fc.record({ payloadType: fc.jsonValue(), payload: fc.jsonValue(), signatures: fc.jsonValue() }),
          fc.record({
            payloadType: fc.constant('application/vnd.in-toto+json'),
            payload: fc.jsonValue().map(value => Buffer.from(JSON.stringify(value)).toString('base64')),
            signatures: fc.constant([{ sig: 'MAA=' }]),
          }),
        ),
        messageSignature: fc.jsonValue(),
        critical: fc.jsonValue(),
        optional: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  )
  const bytes = fc.oneof(
    fields.map(value => Buffer.from(JSON.stringify(value))),
    fc.uint8Array({ maxLength: 300 }).map(one => Buffer.from(one)),
  )
  fc.assert(
    fc.property(
      bytes,
      fc.dictionary(
        fc.constantFrom(...Object.keys(simple.annotations), 'dev.sigstore.cosign/certificate'),
        fc.string(),
      ),
      (given, annotations) => {
        for (const signature of [readBundle(given), readEnvelope(given), readSimpleSigning(given, annotations)]) {
          assert.ok(signature.signed !== undefined || signature.why !== '')
          assert.ok(!verified(signature, 'cosign'))
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('what looks like a payload of cosign but says more is none', () => {
  const fields = JSON.parse(simple.bytes.toString())
  const more = Buffer.from(JSON.stringify({ schemaVersion: 2, ...fields }))
  assert.match(readSimpleSigning(more, simple.annotations).why, /not one of cosign sign/)
  const deep = Buffer.from(`{"critical":${'['.repeat(100)}${']'.repeat(100)}}`)
  assert.match(readSimpleSigning(deep, simple.annotations).why, /deeper than 64/)
})
