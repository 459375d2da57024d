import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RegistryAction } from '../access.ts'
import { parseScopeAction, ScopeActionMalformed, scopeRules } from './scope-rules.ts'

const NAMED: Readonly<Record<string, RegistryAction>> = {
  'content/read': 'pull',
  'content/write': 'push',
  'content/delete': 'delete',
  'metadata/read': 'metadata_read',
  'metadata/write': 'metadata_write',
}

const part = fc.constantFrom('a', 'b', 'team', 'content', 'read')
const repository = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join('/'))
const pattern = fc.oneof(
  repository,
  repository.map(text => `${text}/*`),
  fc.constant('*'),
)
const verb = fc.constantFrom(...Object.keys(NAMED))

/** One line read in the plainest way. */
function lineAllows(pattern: string, repository: string): boolean {
  const form = pattern.split('*').map(RegExp.escape).join('.*')
  return new RegExp(`^${form}$`).test(repository)
}

test('a map allows what any of its lines allows, and nothing else', () => {
  const lines = fc.array(fc.tuple(pattern, verb), { maxLength: 6 })
  const asked = fc.tuple(fc.constantFrom(...Object.values(NAMED), 'catalog' as const), repository)
  fc.assert(
    fc.property(lines, asked, (lines, [action, repository]) => {
      const rules = scopeRules(lines.map(([pattern, verb]) => `repositories/${pattern}/${verb}`))
      const expected = lines.some(([pattern, verb]) => NAMED[verb] === action && lineAllows(pattern, repository))
      assert.equal(rules.permits(action, repository), expected)
    }),
    { numRuns: 1000 },
  )
})

test('a trailing star is for what lies below, not for the name itself or its namesakes', () => {
  const rules = scopeRules(['repositories/team/*/content/read'])
  assert.equal(rules.permits('pull', 'team/app'), true)
  assert.equal(rules.permits('pull', 'team/app/deep'), true)
  assert.equal(rules.permits('pull', 'team'), false)
  assert.equal(rules.permits('pull', 'teams/app'), false)
  assert.equal(rules.permits('pull', 'other/team/app'), false)
  assert.equal(rules.permits('push', 'team/app'), false)
})

test('actions are taken in any case and kept in lower case', () => {
  assert.equal(parseScopeAction('Repositories/a/b/Content/READ'), 'repositories/a/b/content/read')
})

test('what is no line is refused', () => {
  const bad = [
    '',
    'a',
    'content/read',
    'repositories/content/read',
    'repositories//content/read',
    'repositories/a/content',
    'repositories/a/content/fly',
    'repositories/a/delete',
    'repositories/A/content/read',
    'repositories/*/a/content/read',
    'repositories/a*/content/read',
    'repositories/a/*/*/content/read',
    'repositories/a b/content/read',
    `repositories/${'a'.repeat(256)}/content/read`,
    'registries/a/content/read',
  ]
  for (const text of bad) assert.throws(() => parseScopeAction(text), { code: ScopeActionMalformed.code }, text)
})
