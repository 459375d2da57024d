import assert from 'node:assert/strict'
import { test } from 'node:test'
import { articleTemplate } from './article-template.fixture.ts'
import { readOfferDocument } from './offer-document.ts'
import { review } from './review.ts'
import { checkTerms } from './rules.ts'

const names = {
  managingTenant: 'provider',
  customerTenant: 'customer',
  condition: '',
  principal: (id: string) =>
    id.startsWith('504adfc5') ? { name: 'Pranab Mandal', kind: 'user' } : { name: 'sre-agent', kind: 'agent' },
}

test('a review says in words who gets what where, what they do not get, and how it ends', () => {
  const terms = checkTerms(readOfferDocument(JSON.stringify(articleTemplate)))
  assert.deepEqual(review(terms, names), [
    '"lighthouse-sre-demo" is offered by tenant provider.',
    'It reaches all of your tenant customer, with what is added later.',
    'Pranab Mandal (a person of provider) gets Managed Identity Contributor: makes, changes and deletes managed identities.',
    'Pranab Mandal (a person of provider) may give Contributor and Log Analytics Contributor, and no other role, to managed identities of your tenant and to agents of provider, and to nobody else.',
    'Pranab Mandal (a person of provider) gets Contributor: everything but who may do it.',
    'sre-agent (an agent of provider) gets Reader: sees everything but content and secrets, changes nothing.',
    'sre-agent (an agent of provider) gets Monitoring Reader: resources and their metrics and logs.',
    'sre-agent (an agent of provider) gets Log Analytics Reader: resources and their logs.',
    'Nobody of theirs may change who has access in any other way, and nobody sees what registries hold.',
    'Your locks bind them as they bind you, and everything they do stands in your audit and in theirs.',
    'You can revoke it at any time; their next request is refused.',
  ])
})

test('a review of one group or resource says that it ends there', () => {
  const [reader] = checkTerms(readOfferDocument(JSON.stringify(articleTemplate))).authorizations.slice(3)
  assert.ok(reader)
  const terms = { name: 'look', description: 'We look', managingTenantId: 'ten_m', authorizations: [reader] }
  const [about, group, , nothing] = review({ ...terms, scope: { kind: 'group', name: 'edge' } }, names)
  assert.equal(about, '"look" (We look) is offered by tenant provider.')
  assert.match(group ?? '', /the group edge of your tenant customer/)
  assert.match(nothing ?? '', /Nobody of theirs may change who has access, /)
  const narrow = review({ ...terms, scope: { kind: 'tenant' } }, { ...names, condition: 'resource.kind == "group"' })
  assert.ok(narrow.includes('All of it counts only where resource.kind == "group".'))
  const [, resource] = review({ ...terms, scope: { kind: 'resource', name: 'images' } }, names)
  assert.match(resource ?? '', /the resource images of your tenant customer, and nothing else/)
})
