import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../kernel/index.ts'
import { digestAlgorithm, digestHex, digestOf, hasher, isDigest, parseDigest } from './digest.ts'

const empty256 = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

test('digests of both algorithms are computed and read', () => {
  assert.equal(digestOf(''), empty256)
  const long = digestOf('towpath', 'sha512')
  assert.equal(digestAlgorithm(long), 'sha512')
  assert.equal(digestHex(long).length, 128)
  assert.equal(parseDigest(long), long)
})

test('what is not a digest is refused with its reason', () => {
  const why = (text: string) => {
    try {
      parseDigest(text)
    } catch (error) {
      if (error instanceof Failure) return error.message.split(': ').at(-1)
      throw error
    }
    return undefined
  }
  assert.equal(why('sha256:baddigeststring'), 'sha256 has 64 lower-case hex characters')
  assert.equal(why(empty256.toUpperCase()), 'it is not <algorithm>:<encoded>')
  assert.equal(why(`sha256:${'A'.repeat(64)}`), 'sha256 has 64 lower-case hex characters')
  assert.equal(why(`blake3:${'a'.repeat(64)}`), 'the algorithm "blake3" is not supported')
  assert.equal(why(`md5+sha1.x:${'a'.repeat(64)}`), 'the algorithm "md5+sha1.x" is not supported')
  assert.equal(why('../../etc/passwd'), 'it is not <algorithm>:<encoded>')
  assert.equal(why(`${empty256}\n`), 'it is not <algorithm>:<encoded>')
})

test('any text is a digest or a failure', () => {
  const near = fc.tuple(
    fc.constantFrom('sha256', 'sha512', 'sha1'),
    fc.string({ unit: fc.constantFrom(...'0aF:f'), maxLength: 130 }),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        near.map(pair => pair.join(':')),
      ),
      text => {
        try {
          assert.equal(isDigest(parseDigest(text)), true)
        } catch (error) {
          assert.ok(error instanceof Failure && !isDigest(text))
        }
      },
    ),
  )
})

test('bytes in pieces hash like bytes in one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array()),
      fc.constantFrom('sha256' as const, 'sha512' as const),
      (pieces, algorithm) => {
        const hash = hasher(algorithm)
        for (const piece of pieces) hash.update(piece)
        assert.equal(hash.digest(), digestOf(Buffer.concat(pieces), algorithm))
      },
    ),
  )
})
