import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVault, localMasterKeys, systemClock, vaultMigrations, vaultWrites } from '../../kernel/index.ts'
import { testEngines, testStore } from '../../kernel/store/engines.fixture.ts'
import { openLogin, sealLogin } from './login-cookie.ts'

const underWay = {
  ...{ tenantId: 'ten_a', provider: 'corp', providerId: 'sip_1', redirectUri: 'http://h/cb', returnTo: '/registries' },
  ...{ state: 'state', nonce: 'nonce', verifier: 'verifier-of-the-login' },
}

test('a sign-in under way is kept by the browser, who can neither read nor make one, for ten minutes', async t => {
  const state = { now: 1_800_000_000_000 }
  const clock = { ...systemClock('test'), now: () => state.now }
  const [engine] = testEngines()
  assert.ok(engine)
  const store = await testStore(engine, { migrations: vaultMigrations, writes: vaultWrites, clock })
  t.after(() => store.close())
  const config = { home: '/nowhere', secrets: { masterKey: 'env:MASTER' } }
  const env = { MASTER: Buffer.alloc(32, 7).toString('base64') }
  const vault = createVault({ store, clock, masterKeys: localMasterKeys({ config, env, clock }) })
  const parts = { vault, clock }

  const sealed = await sealLogin(parts, underWay)
  assert.doesNotMatch(sealed, /verifier|nonce/)
  assert.match(sealed, /^[\w.-]+$/, 'as a cookie may hold it')
  assert.ok(sealed.length < 2000)
  assert.deepEqual(await openLogin(parts, sealed), underWay)
  const expired = { code: 'OIDC_LOGIN_EXPIRED', status: 401 }
  const foreign = await vault.seal(JSON.stringify(underWay), 'tenants/ten_a/sign-in-providers/sip_1')
  for (const odd of [undefined, '', 'x', `${sealed}x`, foreign]) await assert.rejects(openLogin(parts, odd), expired)
  // A key service that is away is no fault of the browser's, and says so.
  const away = createVault({ store, clock, masterKeys: localMasterKeys({ config, env: {}, clock }) })
  await assert.rejects(openLogin({ vault: away, clock }, sealed), { code: 'VAULT_LOCKED', status: 503 })
  state.now += 599_999
  assert.deepEqual(await openLogin(parts, sealed), underWay)
  state.now += 1
  await assert.rejects(openLogin(parts, sealed), expired)
})
