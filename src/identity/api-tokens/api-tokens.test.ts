import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { hashPassword } from '../password.ts'
import { principals } from '../principals/principals.ts'
import { serviceSecrets } from '../principals/secrets.ts'
import { createPrincipalSignIn } from '../principals/sign-in.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { ringOf } from '../tokens/key-ring.fixture.ts'
import { newSigningKey } from '../tokens/signing-key.ts'
import { createApiTokens } from './api-tokens.ts'
import { createSignInClient } from './sign-in-client.ts'

const GONE = { code: 'UNAUTHORIZED', message: /taken away or has ended/ }

for (const engine of testEngines()) {
  test(`a token ends with what it stands on, at the next request, on ${engine.name}`, async t => {
    const { store, clock, tenant, principal } = await openTenants(engine)
    t.after(() => store.close())
    await tenant('ten_a')
    await principal('ten_a', 'prn_svc', 'service')
    const add = async (id: string, secret: string, life: number) => {
      const hash = await hashPassword(clock, secret, 2 ** 4)
      const which = { tenantId: 'ten_a', principalId: 'prn_svc', id, from: from('ten_a') }
      await store.write(serviceSecrets.add, { ...which, hash, expiresAt: clock.now() + life })
      return which
    }
    const first = await add('sec_1', 'one', 60_000)
    await add('sec_2', 'two', 60_000)
    const signIn = createSignInClient({
      ...{ store, clock, audiences: [], signIn: createPrincipalSignIn({ store, clock }) },
      issuerKeys: { find: async () => assert.fail('nobody asks for them') },
    })
    const key = await newSigningKey()
    const tokens = createApiTokens({ store, clock, keys: ringOf(key, clock) })
    const header = async (clientSecret: string) => {
      const rest = { assertionType: undefined, assertion: undefined, from: '1.1.1.1' }
      const signedIn = await signIn({ header: undefined, clientId: 'prn_svc', clientSecret, ...rest })
      return `Bearer ${(await tokens.issue(signedIn)).token}`
    }
    const [one, two] = [await header('one'), await header('two')]
    const robot = { tenantId: 'ten_a', id: 'prn_svc', kind: 'service' } as const
    assert.deepEqual((await tokens.admit(one))?.principal, robot)
    assert.equal((await tokens.admit(two))?.proof, 'secret:sec_2')
    assert.equal(await tokens.admit(undefined), undefined)
    assert.equal(await tokens.admit('Basic YTpi'), undefined, 'not ours to answer')

    await store.write(serviceSecrets.remove, first)
    await assert.rejects(tokens.admit(one), GONE)
    assert.ok(await tokens.admit(two), 'the other secret goes on')
    // The token ends no later than its secret; and where one says otherwise, the row's word counts.
    const over = { ...clock, now: () => clock.now() + 61_000 }
    const later = createApiTokens({ store, clock: over, keys: ringOf(key, clock) })
    await assert.rejects(later.admit(two), { message: 'The token has expired' })
    const { token } = await later.issue({ principal: robot, proof: 'secret:sec_2' })
    await assert.rejects(later.admit(`Bearer ${token}`), GONE)
    const enable = (enabled: boolean) =>
      store.write(principals.enable, { tenantId: 'ten_a', id: 'prn_svc', enabled, from: from('ten_a') })
    await enable(false)
    await assert.rejects(tokens.admit(two), GONE)
    await enable(true)
    assert.ok(await tokens.admit(two))
    await store.write(principals.delete, { tenantId: 'ten_a', id: 'prn_svc', from: from('ten_a') })
    await assert.rejects(tokens.admit(two), GONE)
  })
}
