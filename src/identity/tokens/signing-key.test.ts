import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calculateJwkThumbprint } from 'jose'
import { testSecretFiles } from '../../kernel/vault/secret-files.fixture.ts'
import { addSigningKey, ensureSigningKey, newSigningKey, ownSigningKeys, SigningKeyUnreadable } from './signing-key.ts'

test('the key is made once, and is the same afterwards', async () => {
  const { open, names } = testSecretFiles()
  const keys = await Promise.all([ensureSigningKey(open()), ensureSigningKey(open()), ensureSigningKey(open())])
  assert.equal(new Set(keys.map(key => key.kid)).size, 1)
  assert.equal((await ensureSigningKey(open())).kid, keys[0]?.kid)
  assert.deepEqual(names(), ['/secrets/data.key', '/secrets/token-signing.jwk'])
})

test('what is no key is refused, never replaced, and never quoted', async () => {
  for (const secret of ['{"kty":"oct","k":"c2VjcmV0LXRleHQ"}', 'not json']) {
    const { open } = testSecretFiles()
    await open().ensure('token-signing.jwk', () => secret)
    await assert.rejects(ensureSigningKey(open()), error => {
      assert.ok(error instanceof Error && 'code' in error && error.code === SigningKeyUnreadable.code)
      assert.ok(!JSON.stringify([error.message, error.cause, error.stack]).includes('c2VjcmV0'))
      return true
    })
    assert.equal((await open().find('token-signing.jwk'))?.value, secret)
  }
})

test('keys are found by their names, the first and later ones, and nothing else is', async () => {
  const { open } = testSecretFiles()
  const find = ownSigningKeys(open())
  const first = await ensureSigningKey(open())
  const made = await addSigningKey(open())
  assert.equal((await find(made.kid))?.x, made.x)
  assert.equal((await find(first.kid))?.x, first.x)
  assert.equal(await find('../../etc/passwd'), undefined)
  assert.equal(await find('A'.repeat(43)), undefined)
})

test('a key is named as RFC 7638 says', async () => {
  const key = await newSigningKey()
  assert.equal(key.kid, await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: key.x }))
})
