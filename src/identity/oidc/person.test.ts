import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personOf } from './person.ts'
import type { SignInProvider } from './provider.ts'

const provider: SignInProvider = {
  ...{ tenantId: 'ten_a', id: 'sip_1', name: 'corp', title: 'Corp', issuer: 'https://corp.example', clientId: 'c' },
  ...{
    scopes: ['openid'],
    groupsClaim: 'groups',
    provisioning: 'invited',
    invitedBy: 'mail',
    groups: [],
    createdAt: 1,
  },
}
const of = (claims: Record<string, unknown>) => personOf(provider, { sub: 's', ...claims })

test('a mail address counts only where the provider verified it', () => {
  assert.equal(of({ email: 'ann@corp.example', email_verified: true }).mail, 'ann@corp.example')
  for (const odd of [false, 'true', 1, undefined])
    assert.equal(of({ email: 'ann@corp.example', email_verified: odd }).mail, undefined)
})

test('names that no principal can have are left out', () => {
  for (const odd of ['', ' ann', 'a\nb', 'x'.repeat(201), 7, null, ['ann']])
    assert.equal(of({ preferred_username: odd }).username, undefined)
  assert.equal(of({ preferred_username: 'Ann O’Neil' }).username, 'Ann O’Neil')
  for (const odd of ['', 'x'.repeat(256), 'a\0b', undefined])
    assert.throws(() => of({ sub: odd }), { code: 'OIDC_ANSWER_WRONG' })
})

test('groups are a list of texts, or there are none; what can not be known stops the sign-in', () => {
  assert.deepEqual(of({ groups: ['a', 'b'] }).groups, ['a', 'b'])
  assert.deepEqual(of({}).groups, [])
  assert.deepEqual(personOf({ ...provider, groupsClaim: '' }, { sub: 's', groups: 'a' }).groups, [])
  const unreadable = [
    { groups: 'a,b' },
    { groups: [1] },
    { groups: { a: true } },
    { groups: Array.from({ length: 1001 }, (_, i) => `g${i}`) },
    { hasgroups: true },
    { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example' } } },
  ]
  for (const claims of unreadable) assert.throws(() => of(claims), { code: 'OIDC_GROUPS_UNREADABLE', status: 401 })
  assert.throws(() => of({ hasgroups: true }), /too many/)
})
