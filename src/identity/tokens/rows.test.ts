import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Store, systemClock } from '../../kernel/index.ts'
import { type TestEngine, testEngines, testStore } from '../../kernel/store/engines.fixture.ts'
import {
  ScopeMapInUse,
  ScopeMapIsSystem,
  ScopeMapTaken,
  ScopeMapUnknown,
  TokenTaken,
  TokenUnknown,
} from './failures.ts'
import { findToken, readScopeMaps, readTokenConfigs, readTokenPasswordPage, readTokens } from './rows.ts'
import { tokenMigrations, tokenWrites } from './schema.ts'
import { scopeMaps } from './scope-map-writes.ts'
import { registryTokens } from './token-writes.ts'

const registryId = 'reg_default'
const read = 'repositories/a/content/read'
const write = 'repositories/a/content/write'

async function open(t: TestContext, engine: TestEngine): Promise<{ store: Store; state: { now: number } }> {
  const state = { now: 5000 }
  const clock = { ...systemClock('test'), now: () => state.now }
  const store = await testStore(engine, { migrations: tokenMigrations, writes: tokenWrites, clock })
  t.after(() => store.close())
  return { store, state }
}

const map = (name: string, actions: string[]) => ({ registryId, name, description: 'd', actions })
const token = (name: string, more: object = {}) => ({
  registryId,
  id: `tok_${name}`,
  name,
  enabled: true,
  scopeMap: { actions: [read] },
  passwords: [{ slot: 1 as const, hash: 'h', expiresAt: null }],
  ...more,
})

for (const engine of testEngines()) {
  test(`the ages of passwords on ${engine.name}: of all registries, in pages, by the names of their tokens`, async t => {
    const { store } = await open(t, engine)
    const both = [1, 2].map(slot => ({ slot: slot as 1 | 2, hash: 'h', expiresAt: slot === 1 ? 9000 : null }))
    await store.write(registryTokens.create, token('first', { passwords: both }))
    await store.write(registryTokens.create, token('again', { registryId: 'reg_other', id: 'tok_again' }))
    const none = { registryId: '', tokenId: '', slot: 0 }
    const page = await readTokenPasswordPage(store.read, { after: none, limit: 2 })
    const shown = (one: (typeof page)[number]) => [
      one.registryId,
      one.tokenName,
      one.slot,
      one.changedAt,
      one.expiresAt,
    ]
    assert.deepEqual(page.map(shown), [
      [registryId, 'first', 1, 5000, 9000],
      [registryId, 'first', 2, 5000, null],
    ])
    const rest = await readTokenPasswordPage(store.read, { after: page[1] ?? none, limit: 2 })
    assert.deepEqual(rest.map(shown), [['reg_other', 'again', 1, 5000, null]])
    assert.ok(!JSON.stringify([page, rest]).includes('"h"'))
  })

  test(`scope maps on ${engine.name}: the system’s stay, others are made, added to, taken from and deleted`, async t => {
    const { store } = await open(t, engine)
    const made = await store.write(scopeMaps.create, map('mine-1', [write, 'repositories/a/Content/Read', read]))
    assert.deepEqual(made.actions, [read, write])
    await assert.rejects(store.write(scopeMaps.create, map('mine-1', [read])), { code: ScopeMapTaken.code })
    await assert.rejects(store.write(scopeMaps.create, map('_repositories_pull', [read])), { code: ScopeMapTaken.code })
    await assert.rejects(store.write(scopeMaps.create, map('other', ['repositories/a'])), { status: 400 })
    const change = { registryId, name: 'mine-1', add: ['repositories/b/*/metadata/read'], remove: [write] }
    assert.deepEqual((await store.write(scopeMaps.update, change)).actions, [read, 'repositories/b/*/metadata/read'])
    const names = (await readScopeMaps(store.read, registryId)).map(one => [one.name, one.type])
    assert.deepEqual(names, [
      ['_repositories_admin', 'SystemDefined'],
      ['_repositories_pull', 'SystemDefined'],
      ['_repositories_push', 'SystemDefined'],
      ['mine-1', 'UserDefined'],
    ])
    assert.equal((await readScopeMaps(store.read, 'reg_other')).length, 3, 'each registry has its own')
    const system = { registryId, name: '_repositories_push' }
    await assert.rejects(store.write(scopeMaps.delete, system), { code: ScopeMapIsSystem.code })
    await assert.rejects(store.write(scopeMaps.update, { ...system, add: [read], remove: [] }), {
      code: ScopeMapIsSystem.code,
    })
    await store.write(scopeMaps.delete, { registryId, name: 'mine-1' })
    await assert.rejects(store.write(scopeMaps.delete, { registryId, name: 'mine-1' }), { code: ScopeMapUnknown.code })
    const many = Array.from({ length: 501 }, (_, i) => `repositories/r${i}/content/read`)
    await assert.rejects(store.write(scopeMaps.create, map('large', many)), { code: 'SCOPE_MAP_TOO_LONG' })
  })

  test(`tokens on ${engine.name}: made once, with a map of their own or a given one`, async t => {
    const { store } = await open(t, engine)
    const made = await store.write(registryTokens.create, token('robot'))
    assert.deepEqual(await store.write(registryTokens.create, token('robot')), made, 'the answer was lost')
    await assert.rejects(store.write(registryTokens.create, token('robot', { id: 'tok_x' })), { code: TokenTaken.code })
    const unknown = token('other', { scopeMap: { name: 'nowhere' } })
    await assert.rejects(store.write(registryTokens.create, unknown), { code: ScopeMapUnknown.code })
    assert.equal(made.scopeMap, 'robot-scope-map')
    const used = { registryId, name: 'robot-scope-map' }
    await assert.rejects(store.write(scopeMaps.delete, used), { code: ScopeMapInUse.code })

    assert.deepEqual(await readTokenConfigs(store.read), [
      {
        id: 'tok_robot',
        registryId,
        name: 'robot',
        enabled: true,
        actions: [read],
        passwords: [{ slot: 1, hash: 'h', changedAt: 5000, expiresAt: null }],
      },
    ])
    await store.write(registryTokens.update, {
      registryId,
      name: 'robot',
      scopeMap: '_repositories_pull',
      enabled: false,
    })
    const [config] = await readTokenConfigs(store.read)
    assert.deepEqual([config?.enabled, config?.actions], [false, ['repositories/*/content/read']])
    await assert.rejects(store.write(registryTokens.update, { registryId, name: 'robot', scopeMap: 'nowhere' }), {
      code: ScopeMapUnknown.code,
    })
    await store.write(scopeMaps.delete, used)
    await store.write(registryTokens.delete, { registryId, name: 'robot' })
    assert.deepEqual(await readTokenConfigs(store.read), [])
    await assert.rejects(store.write(registryTokens.delete, { registryId, name: 'robot' }), { code: TokenUnknown.code })
  })

  test(`passwords on ${engine.name}: two, each alone, later than before whatever the clock says`, async t => {
    const { store, state } = await open(t, engine)
    await store.write(registryTokens.create, token('robot'))
    const set = (slot: 1 | 2, hash: string, expiresAt: number | null) =>
      store.write(registryTokens.setPassword, { registryId, name: 'robot', slot, hash, expiresAt })
    await set(2, 'second', 9000)
    state.now = 100
    await set(1, 'first', null)
    assert.deepEqual((await findToken(store.read, registryId, 'robot'))?.passwords, [
      { slot: 1, hash: 'first', changedAt: 5001, expiresAt: null },
      { slot: 2, hash: 'second', changedAt: 5000, expiresAt: 9000 },
    ])
    const left = await store.write(registryTokens.dropPassword, { registryId, name: 'robot', slot: 1 })
    assert.deepEqual(
      left.passwords.map(one => one.slot),
      [2],
    )
    await store.write(registryTokens.forgetRegistry, { registryId })
    assert.deepEqual(await readTokens(store.read, registryId), [])
    assert.equal((await readScopeMaps(store.read, registryId)).length, 3)
  })
}
