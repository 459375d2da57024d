import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../kernel/index.ts'
import { builtInRole } from '../roles/built-in.ts'
import { writeArm } from './arm-document.ts'
import { articleTemplate, faultyTemplate } from './article-template.fixture.ts'
import type { OfferTerms } from './offer.ts'
import { readOfferDocument, writeYaml } from './offer-document.ts'
import { ACCESS_ADMINISTRATOR, checkTerms, delegableRoles } from './rules.ts'
import { evaluateTemplate } from './template/template.ts'

const azureId = (id: string) => builtInRole(id)?.azureId ?? id
const read = (document: unknown, given = {}) => readOfferDocument(JSON.stringify(document), given)

const fails = (code: string, says: RegExp | string) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error))
  assert.equal(error.code, code, error.message)
  if (typeof says === 'string') assert.equal(error.message, says)
  else assert.match(error.message, says)
  assert.ok(error.next.length > 0)
  return true
}

test('the article’s template says what the article says', () => {
  const terms = checkTerms(read(articleTemplate))
  assert.equal(terms.name, 'lighthouse-sre-demo')
  assert.equal(terms.managingTenantId, '6e03bca1-4300-400d-9e80-000000000000')
  assert.deepEqual(terms.scope, { kind: 'tenant' })
  assert.deepEqual(
    terms.authorizations.map(one => [one.principalName, one.roleId, one.delegatedRoleIds.join(' ')]),
    [
      ['Pranab Mandal', 'rol_managed_identity_contributor', ''],
      ['Pranab Mandal', 'rol_user_access_administrator', 'rol_contributor rol_log_analytics_contributor'],
      ['Pranab Mandal', 'rol_contributor', ''],
      ['sre-agent-ext-sub1-4n4y4v5jjdtuu', 'rol_reader', ''],
      ['sre-agent-ext-sub1-4n4y4v5jjdtuu', 'rol_monitoring_reader', ''],
      ['sre-agent-ext-sub1-4n4y4v5jjdtuu', 'rol_log_analytics_reader', ''],
    ],
  )
  const { outputs, resources } = evaluateTemplate(articleTemplate, {})
  assert.equal(outputs.mspOfferName, 'Managed by lighthouse-sre-demo')
  assert.deepEqual(outputs.authorizations, articleTemplate.variables.authorizations)
  assert.deepEqual(
    resources.map(one => one.name),
    ['59f51389-5773-5fcf-8e72-79a5ce6a33ef', '59f51389-5773-5fcf-8e72-79a5ce6a33ef'],
  )
})

test('a given parameter names the offer', () => {
  assert.equal(read(articleTemplate, { mspOfferName: 'mine' }).name, 'mine')
})

test('what the article imports is exported as the article has it', () => {
  const terms = checkTerms(read(articleTemplate))
  assert.deepEqual(writeArm(terms), articleTemplate)
})

test('without delegatedRoleDefinitionIds it fails with the article’s words', () => {
  assert.throws(
    () => checkTerms(read(faultyTemplate)),
    fails(
      'DELEGATION_ROLES_REQUIRED',
      "The 'delegatedRoleDefinitionIds' property is required when using certain roleDefinitionIds for authorization.",
    ),
  )
})

const offerOf = (roleId: string, delegatedRoleIds: string[] = []): OfferTerms => ({
  name: 'x',
  description: '',
  managingTenantId: 'ten_m',
  scope: { kind: 'tenant' },
  authorizations: [{ principalId: 'prn_a', principalName: 'A', roleId, delegatedRoleIds }],
})

test('what may not be delegated is refused with its reason', () => {
  const refused: [OfferTerms, string, RegExp][] = [
    [offerOf('rol_owner'), 'DELEGATION_ROLE_REFUSED', /^Owner .* nobody outside/],
    [offerOf('8e3af657-a8ff-443c-a75c-2fe8c4bcb635'), 'DELEGATION_ROLE_REFUSED', /^Owner/],
    [offerOf('rol_acr_pull'), 'DELEGATION_ROLE_REFUSED', /^AcrPull .* hold/],
    [offerOf('rol_custom'), 'DELEGATION_ROLE_REFUSED', /not a built-in role/],
    [offerOf('rol_reader', ['rol_reader']), 'DELEGATION_AUTHORIZATION_UNFIT', /only User Access/],
    [offerOf(ACCESS_ADMINISTRATOR, ['rol_owner']), 'DELEGATION_ROLE_REFUSED', /^Owner in delegated/],
    [offerOf(ACCESS_ADMINISTRATOR, [ACCESS_ADMINISTRATOR]), 'DELEGATION_ROLE_REFUSED', /pass on access/],
    [offerOf(ACCESS_ADMINISTRATOR, ['rol_acr_push']), 'DELEGATION_ROLE_REFUSED', /AcrPush/],
  ]
  for (const [terms, code, says] of refused) assert.throws(() => checkTerms(terms), fails(code, says))
  const [one] = offerOf('rol_reader').authorizations
  assert.ok(one)
  const twice = { ...offerOf('rol_reader'), authorizations: [one, { ...one, roleId: azureId('rol_reader') }] }
  assert.throws(() => checkTerms(twice), fails('DELEGATION_AUTHORIZATION_UNFIT', /twice/))
})

test('what is delegable is neither Owner nor over data nor over access', () => {
  const names = delegableRoles().map(role => role.name)
  for (const name of ['Reader', 'Contributor', 'Monitoring Reader', 'Managed Identity Contributor'])
    assert.ok(names.includes(name), name)
  for (const name of ['Owner', 'User Access Administrator', 'AcrPull', 'AcrPush', 'AcrDelete'])
    assert.ok(!names.includes(name), name)
})

test('a template that says more or less than one offer is refused', () => {
  const [definition, assignment] = articleTemplate.resources
  const without = (resources: unknown[]) => () => read({ ...articleTemplate, resources })
  assert.throws(without([definition]), fails('DELEGATION_ASSIGNMENT_UNCLEAR', /1 registrationDefinitions and 0/))
  assert.throws(without([definition, assignment, assignment]), fails('DELEGATION_ASSIGNMENT_UNCLEAR', /and 2/))
  const other = { ...assignment, properties: { registrationDefinitionId: '/providers/x/y' } }
  assert.throws(without([definition, other]), fails('DELEGATION_ASSIGNMENT_UNCLEAR', /and 0/))
  assert.throws(
    without([definition, { ...assignment, type: 'Microsoft.Compute/x' }]),
    fails('DELEGATION_TEMPLATE_MALFORMED', /1\.type/),
  )
  const eligible = { ...definition, properties: { ...definition?.properties, eligibleAuthorizations: [{}] } }
  assert.throws(without([eligible, assignment]), fails('DELEGATION_ELIGIBLE_NOT_YET', /limited time/))
  assert.throws(() => readOfferDocument('hello'), fails('DELEGATION_TEMPLATE_MALFORMED', /the document/))
  assert.throws(() => readOfferDocument('a: &x [1]\nb: *x'), fails('DELEGATION_DOCUMENT_UNREADABLE', /alias/i))
  assert.throws(() => readOfferDocument('['.repeat(50_000)), fails('DELEGATION_DOCUMENT_UNREADABLE', /./))
  assert.throws(() => readOfferDocument('x'.repeat(300_000)), fails('DELEGATION_DOCUMENT_UNREADABLE', /longer/))
})

// As parsed documents are: with Object's prototype.
const record = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { noNullPrototype: true })

test('any offer survives being exported and imported, as a template and as YAML', () => {
  const delegable = delegableRoles().map(role => role.id)
  const text = (minLength: number) =>
    fc
      .oneof(
        fc.string({ minLength, maxLength: 40, unit: 'grapheme' }),
        fc.constantFrom("[it's]", '[[x]', '~', 'null', '1e3', ': #'),
      )
      .filter(one => !/\p{Cc}/u.test(one) && one.isWellFormed())
  const id = fc.stringMatching(/^[\w.:@-]{1,40}$/)
  const name = text(1).filter(one => !one.includes('/') && one.length <= 100)
  const scope = fc.oneof(
    record({ kind: fc.constant('tenant' as const) }),
    record({ kind: fc.constantFrom('group' as const, 'resource' as const), name }),
  )
  const plain = record({
    principalId: id,
    principalName: text(0),
    roleId: fc.constantFrom(...delegable),
    delegatedRoleIds: fc.constant([] as string[]),
  })
  const administrator = record({
    principalId: id,
    principalName: text(0),
    roleId: fc.constant(ACCESS_ADMINISTRATOR),
    delegatedRoleIds: fc.uniqueArray(fc.constantFrom(...delegable), { minLength: 1 }),
  })
  const authorizations = fc.uniqueArray(fc.oneof(plain, administrator), {
    minLength: 1,
    maxLength: 6,
    selector: one => `${one.principalId} ${one.roleId}`,
  })
  const offer = record({ name: text(1), description: text(0), managingTenantId: id, scope, authorizations })
  fc.assert(
    fc.property(offer, terms => {
      assert.deepEqual(checkTerms(read(writeArm(terms))), terms)
      assert.deepEqual(checkTerms(readOfferDocument(writeYaml(terms))), terms)
    }),
    { numRuns: 150 },
  )
})
