import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { VaultLocked } from './failures.ts'
import { localMasterKeys, renewMasterKey, trimMasterKeys } from './master-keys.ts'

const clock = systemClock('test')
const base = mkdtempSync(join(tmpdir(), 'towpath-master-'))
after(() => rmSync(base, { recursive: true, force: true }))
const [A, B] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64url')]

function keysOf(masterKey: string | undefined, env: Record<string, string> = {}, home = base) {
  return localMasterKeys({ config: { home, secrets: { masterKey } }, env, clock })()
}

test('without a setting a file is made once, for its owner only', async () => {
  const [first] = await keysOf(undefined)
  const [again, ...none] = await keysOf(undefined)
  assert.equal(first.id, again.id)
  assert.equal(none.length, 0)
  const path = join(base, 'secrets', 'master.key')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(Buffer.from(readFileSync(path, 'utf8'), 'base64url').length, 32)
})

test('by reference: several keys, the first one wraps, in either base64', async () => {
  const file = join(base, 'keys')
  writeFileSync(file, `${A}\n${B}\n`, { mode: 0o600 })
  const [first, second] = await keysOf(`file:${file}`)
  const [sameFirst, sameSecond] = await keysOf('env:KEYS', { KEYS: ` ${A}  ${B}` })
  assert.deepEqual([first.id, second?.id], [sameFirst.id, sameSecond?.id])
  assert.notEqual(first.id, second?.id)
})

test('what is no key, or open to others, is 503 with the next step, and is found again once it is right', async () => {
  const file = join(base, 'wrong')
  const texts = ['hunter2', `${A} hunter2`, A.slice(0, 40), Array(17).fill(A).join('\n')]
  for (const text of texts) {
    await assert.rejects(keysOf('env:KEYS', { KEYS: text }), error => {
      assert.ok(error instanceof Error && !/hunter2/.test(`${error.message} ${JSON.stringify(error)}`))
      return Reflect.get(error, 'code') === VaultLocked.code && Reflect.get(error, 'status') === 503
    })
  }
  await assert.rejects(keysOf('env:KEYS'), /env:KEYS is not set/)
  const keys = localMasterKeys({ config: { home: base, secrets: { masterKey: `file:${file}` } }, env: {}, clock })
  await assert.rejects(keys(), { code: VaultLocked.code })
  writeFileSync(file, A)
  chmodSync(file, 0o644)
  await assert.rejects(keys(), /open to others/)
  chmodSync(file, 0o600)
  assert.equal((await keys()).length, 1)
})

test('no master key is made where something is sealed already: it would open nothing', async () => {
  const home = join(base, 'lost')
  mkdirSync(join(home, 'secrets'), { recursive: true })
  writeFileSync(join(home, 'secrets', 'data.key'), 'anything', { mode: 0o600 })
  const file = join(home, 'secrets', 'master.key')
  await assert.rejects(keysOf(undefined, {}, home), error => {
    assert.equal(Reflect.get(Object(error), 'code'), VaultLocked.code)
    return /is gone/.test(String(error)) && /Bring it back/.test(String(Reflect.get(Object(error), 'next')))
  })
  assert.ok(!existsSync(file))
  writeFileSync(file, A, { mode: 0o600 })
  assert.equal((await keysOf(undefined, {}, home)).length, 1)
})

test('a new key comes before the others in the platform’s own file, and the newest two stay', async () => {
  const home = join(base, 'renewed')
  const parts = { config: { home, secrets: {} }, clock }
  const ids = async () => (await keysOf(undefined, {}, home)).map(({ id }) => id)
  const [first] = await ids()
  for (let i = 0; i < 3; i++) renewMasterKey(parts)
  const all = await ids()
  assert.equal(new Set(all).size, 4)
  assert.equal(all.at(-1), first)
  trimMasterKeys(parts)
  assert.deepEqual(await ids(), all.slice(0, 2))
  assert.equal(statSync(join(home, 'secrets', 'master.key')).mode & 0o777, 0o600)

  const elsewhere = { config: { home: join(base, 'none'), secrets: { masterKey: 'env:KEYS' } }, clock }
  renewMasterKey(elsewhere)
  trimMasterKeys(elsewhere)
  assert.ok(!existsSync(join(base, 'none')), 'what comes from elsewhere is nobody’s to change')
})
