import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { hashPassword } from '../password.ts'
import { from, openTenants } from '../tenants.fixture.ts'
import { principals } from './principals.ts'
import { serviceSecrets } from './secrets.ts'
import { createPrincipalSignIn, newSecret } from './sign-in.ts'

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

test('a service principal signs in until its secret goes, whoever guesses meanwhile', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const { store, clock, tenant, principal } = await openTenants(engine)
  t.after(() => store.close())
  await tenant('ten_a')
  await principal('ten_a', 'prn_svc', 'service')
  const { secret } = await newSecret(clock)
  assert.match(secret, /^[a-z2-9]{26}$/)
  const hash = await hashPassword(clock, secret, 2 ** 4)
  const which = { tenantId: 'ten_a', principalId: 'prn_svc', id: 'sec_1', from: from('ten_a') }
  const expiresAt = clock.now() + 60_000
  await store.write(serviceSecrets.add, { ...which, hash, expiresAt })
  const signIn = createPrincipalSignIn({ store, clock })
  const right = basic('prn_svc', secret)

  const principalIs = { tenantId: 'ten_a', id: 'prn_svc', kind: 'service' }
  for (const way of ['by derivation', 'from memory'])
    assert.deepEqual(
      await signIn(right, '1.1.1.1'),
      { principal: principalIs, proof: 'secret:sec_1', ends: expiresAt },
      way,
    )
  // What is not of this form is somebody else's to answer.
  for (const header of [undefined, basic('admin', 'x'), basic('prn_', 'x')])
    assert.equal(await signIn(header, '1.1.1.1'), undefined)

  const codes = new Set<string>()
  for (let guess = 0; guess < 12; guess++) {
    const refused = await signIn(basic('prn_svc', `guess ${guess}`), '6.6.6.6').catch((error: unknown) => error)
    assert.ok(refused instanceof Error && 'code' in refused)
    codes.add(String(refused.code))
  }
  assert.deepEqual([...codes], ['UNAUTHORIZED', 'TOOMANYREQUESTS'])
  assert.equal((await signIn(right, '6.6.6.6'))?.principal.id, 'prn_svc', 'who is known does not wait')
  await assert.rejects(signIn(basic('prn_none', secret), '2.2.2.2'), { code: 'UNAUTHORIZED' })

  await store.write(principals.enable, { tenantId: 'ten_a', id: 'prn_svc', enabled: false, from: from('ten_a') })
  await assert.rejects(signIn(right, '1.1.1.1'), { code: 'UNAUTHORIZED' })
  await store.write(principals.enable, { tenantId: 'ten_a', id: 'prn_svc', enabled: true, from: from('ten_a') })
  assert.equal((await signIn(right, '1.1.1.1'))?.principal.id, 'prn_svc')
  await store.write(serviceSecrets.remove, which)
  await assert.rejects(signIn(right, '1.1.1.1'), { code: 'UNAUTHORIZED' })
})
