import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../clock.ts'
import { Failure } from '../failure.ts'
import { simClock } from '../sim/clock.ts'
import { type TestEngine, testEngines, testStore } from '../store/engines.fixture.ts'
import { sql } from '../store/sql.ts'
import type { Store } from '../store/types.ts'
import { vaultMigrations, vaultWrites } from './data-keys.ts'
import {
  DataKeyUnknown,
  KeyDamaged,
  MasterKeyMissing,
  SealedTextDamaged,
  TooLargeToSeal,
  VaultLocked,
} from './failures.ts'
import type { KeyManagement, MasterKeys } from './key-management.ts'
import { localKey } from './local-key.ts'
import { createVault } from './vault.ts'

const clock = systemClock('test')
const PLAIN = 'hunter2-the-client-secret'
const CONTEXT = 'tenants/ten_a/providers/corp'

function newKey(): KeyManagement {
  return localKey(clock.bytes(32), clock)
}

function having(...keys: [KeyManagement, ...KeyManagement[]]): MasterKeys {
  return async () => keys
}

async function emptyStore(t: { after(run: () => Promise<void>): void }, engine: TestEngine): Promise<Store> {
  const store = await testStore(engine, { migrations: vaultMigrations, writes: vaultWrites })
  t.after(() => store.close())
  return store
}

/** What it fails with, once it is sure that nothing of it tells the secret. */
async function refused(run: Promise<unknown>): Promise<Failure> {
  const error = await run.then(
    () => assert.fail('nothing was refused'),
    (error: unknown) => error,
  )
  assert.ok(error instanceof Failure, String(error))
  assert.ok(!JSON.stringify([error.message, error.next, error.detail, error.stack]).includes('hunter2'))
  return error
}

for (const engine of testEngines()) {
  test(`what was sealed is opened, by another process too, and no row holds it, on ${engine.name}`, async t => {
    const store = await emptyStore(t, engine)
    const masterKeys = having(newKey())
    const vault = createVault({ store, clock, masterKeys })
    const [one, two] = await Promise.all([vault.seal(PLAIN, CONTEXT), vault.seal(PLAIN, CONTEXT)])
    assert.match(one, /^v1\.dk_[0-9a-z]{26}\.[\w-]{16}\.[\w-]{55}$/)
    assert.notEqual(one, two, 'a fresh nonce each time')
    assert.equal(await createVault({ store, clock, masterKeys }).open(one, CONTEXT), PLAIN)
    assert.equal(await vault.open(two, CONTEXT), PLAIN)
    assert.equal(await vault.open(await vault.seal('', CONTEXT), CONTEXT), '')
    const rows = await store.read.all(sql`select * from data_key`)
    assert.equal(rows.length, 1, 'two that found no key made one')
    assert.ok(!JSON.stringify([rows, one]).includes(PLAIN))
  })

  test(`another context and an unknown key are refused in words, on ${engine.name}`, async t => {
    const store = await emptyStore(t, engine)
    const vault = createVault({ store, clock, masterKeys: having(newKey()) })
    const sealed = await vault.seal(PLAIN, CONTEXT)
    const elsewhere = await refused(vault.open(sealed, 'tenants/ten_b/providers/corp'))
    assert.deepEqual([elsewhere.code, elsewhere.status], [SealedTextDamaged.code, 500])
    const strange = await refused(vault.open(sealed.replace(/dk_.{26}/, `dk_${'0'.repeat(26)}`), CONTEXT))
    assert.equal(strange.code, DataKeyUnknown.code)
    for (const text of ['', 'v1', PLAIN, sealed.replace('v1', 'v2'), `${sealed} `, `${sealed}\n`]) {
      assert.equal((await refused(vault.open(text, CONTEXT))).code, SealedTextDamaged.code, text)
    }
    assert.equal((await refused(vault.seal('hunter2'.repeat(10_000), CONTEXT))).code, TooLargeToSeal.code)
  })

  test(`with another master key it is 503 with the next step, and opens once the old one is back, on ${engine.name}`, async t => {
    const store = await emptyStore(t, engine)
    const [old, other] = [newKey(), newKey()]
    const sealed = await createVault({ store, clock, masterKeys: having(old) }).seal(PLAIN, CONTEXT)
    const without = createVault({ store, clock, masterKeys: having(other) })
    const missing = await refused(without.open(sealed, CONTEXT))
    assert.deepEqual([missing.code, missing.status], [MasterKeyMissing.code, 503])
    assert.ok(missing.message.includes(old.id) && /anew/.test(missing.next))
    const both = createVault({ store, clock, masterKeys: having(other, old) })
    assert.equal(await both.open(sealed, CONTEXT), PLAIN)
  })

  test(`a data key that was exchanged in its row is not taken, on ${engine.name}`, async t => {
    const store = await emptyStore(t, engine)
    const masterKeys = having(newKey())
    const sealed = await createVault({ store, clock, masterKeys }).seal(PLAIN, CONTEXT)
    const [id = ''] = /dk_.{26}/.exec(sealed) ?? []
    const other = await emptyStore(t, engine)
    await createVault({ store: other, clock, masterKeys }).seal(PLAIN, CONTEXT)
    const stolen = await other.read.one<{ wrapped: string }>(sql`select wrapped from data_key`)
    const swapped: Store = {
      ...store,
      read: {
        ...store.read,
        one: async query => ({ ...(await store.read.one<Record<string, unknown>>(query)), ...stolen }) as never,
      },
    }
    const error = await refused(createVault({ store: swapped, clock, masterKeys }).open(sealed, CONTEXT))
    assert.equal(error.code, KeyDamaged.code)
    assert.ok(error.message.includes(id))
  })
}

test('any change of the text, by one character, is refused', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const vault = createVault({ store: await emptyStore(t, engine), clock, masterKeys: having(newKey()) })
  const sealed = await vault.seal(PLAIN, CONTEXT)
  for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
    // Some of them differ in bits that base64url does not use.
    if (!sealed.endsWith(last)) await refused(vault.open(sealed.slice(0, -1) + last, CONTEXT))
  }
  const position = fc.integer({ min: 0, max: sealed.length - 1 })
  const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.')
  await fc.assert(
    fc.asyncProperty(position, letter, async (at, by) => {
      fc.pre(sealed[at] !== by)
      await refused(vault.open(sealed.slice(0, at) + by + sealed.slice(at + 1), CONTEXT))
    }),
    { numRuns: 500 },
  )
})

test('a KMS that is away, or silent, is 503 within its deadline; who has the data key goes on', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const store = await emptyStore(t, engine)
  const time = simClock('vault')
  const real = newKey()
  const state: { away: 'no' | 'refuses' | 'hangs'; aborted: number } = { away: 'no', aborted: 0 }
  const through = async (work: Promise<Uint8Array>, signal: AbortSignal): Promise<Uint8Array> => {
    if (state.away === 'refuses') throw new Error('connect ECONNREFUSED, key=hunter2')
    if (state.away === 'no') return work
    return new Promise(() => signal.addEventListener('abort', () => state.aborted++))
  }
  const kms: KeyManagement = {
    id: real.id,
    wrap: (bytes, context, signal) => through(real.wrap(bytes, context, signal), signal),
    unwrap: (bytes, context, signal) => through(real.unwrap(bytes, context, signal), signal),
  }
  const parts = { store, clock: time, masterKeys: having(kms) }
  const running = createVault(parts)
  const sealed = await running.seal(PLAIN, CONTEXT)
  assert.equal(await running.open(sealed, CONTEXT), PLAIN)

  state.away = 'refuses'
  const fresh = createVault(parts)
  const error = await refused(fresh.open(sealed, CONTEXT))
  assert.deepEqual([error.code, error.status], [VaultLocked.code, 503])
  assert.equal(await running.open(sealed, CONTEXT), PLAIN)
  assert.ok(await running.seal(PLAIN, CONTEXT))

  state.away = 'hangs'
  const hanging = refused(fresh.open(sealed, CONTEXT))
  await time.advance(4_999)
  assert.equal(state.aborted, 0)
  await time.advance(1)
  assert.equal((await hanging).code, VaultLocked.code)
  assert.equal(state.aborted, 1, 'and it is told that nobody waits')

  state.away = 'no'
  assert.equal(await fresh.open(sealed, CONTEXT), PLAIN, 'without a restart')
})
