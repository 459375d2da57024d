import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { calculateJwkThumbprint } from 'jose'
import {
  addSigningKey,
  ensureSigningKey,
  laterSigningKeys,
  loadSigningKey,
  newSigningKey,
  SigningKeyUnreadable,
} from './signing-key.ts'

async function folder(t: { after(run: () => Promise<void>): void }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'towpath-key-'))
  t.after(() => rm(dir, { recursive: true }))
  return dir
}

test('the key is made once, for the owner only, and is the same afterwards', async t => {
  const dir = await folder(t)
  const path = join(dir, 'token-signing.jwk')
  const keys = await Promise.all([ensureSigningKey(path), ensureSigningKey(path), ensureSigningKey(path)])
  assert.equal(new Set(keys.map(key => key.kid)).size, 1)
  assert.equal((await loadSigningKey(path)).kid, keys[0]?.kid)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.deepEqual(await readdir(dir), ['token-signing.jwk'])
})

test('a missing file is the system’s own error', async t => {
  await assert.rejects(loadSigningKey(join(await folder(t), 'none')), { code: 'ENOENT' })
})

test('what is no key is refused, never replaced, and never quoted', async t => {
  const path = join(await folder(t), 'key')
  const secret = '{"kty":"oct","k":"c2VjcmV0LXRleHQ"}'
  await writeFile(path, secret)
  await assert.rejects(ensureSigningKey(path), error => {
    assert.ok(error instanceof Error && 'code' in error && error.code === SigningKeyUnreadable.code)
    assert.ok(!JSON.stringify([error.message, error.cause, error.stack]).includes('c2VjcmV0'))
    return true
  })
  assert.equal(await readFile(path, 'utf8'), secret)
  await writeFile(path, 'not json')
  await assert.rejects(loadSigningKey(path), { code: SigningKeyUnreadable.code })
})

test('a later key is a file of its own, found by its name and by nothing else', async t => {
  const dir = await folder(t)
  const find = laterSigningKeys(dir)
  const made = await addSigningKey(dir)
  assert.equal(find(made.kid)?.x, made.x)
  assert.equal((await stat(join(dir, `token-signing-${made.kid}.jwk`))).mode & 0o777, 0o600)
  assert.equal(find('../../etc/passwd'), undefined)
  assert.equal(find('A'.repeat(43)), undefined)
})

test('a key is named as RFC 7638 says', async () => {
  const key = await newSigningKey()
  assert.equal(key.kid, await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: key.x }))
})
