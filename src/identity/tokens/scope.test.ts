import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatScope, parseScope, ScopeMalformed } from './scope.ts'

const component = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,5}){0,2}$/)
const name = fc.array(component, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'))
const actions = fc.uniqueArray(fc.constantFrom('pull', 'push', 'delete'), { minLength: 1 })
const access = fc.record({ type: fc.constant('repository' as const), name, actions }, { noNullPrototype: true })

test('what is formatted is parsed again', () => {
  fc.assert(
    fc.property(fc.uniqueArray(access, { selector: one => one.name, maxLength: 10 }), list => {
      assert.deepEqual(parseScope([list.map(formatScope).join(' ')]), list)
      assert.deepEqual(parseScope(list.map(formatScope)), list)
    }),
  )
})

test('any text is parsed or refused as malformed, and never grants what it does not say', () => {
  const pieces = fc.array(
    fc.constantFrom('repository', 'registry', ':', 'a', 'pull', ',', ' ', '*', '/', 'catalog', '-', '"'),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map(parts => parts.join('')),
      ),
      text => {
        try {
          for (const { name, actions } of parseScope([text])) {
            assert.ok(text.includes(name))
            for (const action of actions) assert.ok(text.includes(action))
          }
        } catch (error) {
          assert.equal((error as { code?: string }).code, ScopeMalformed.code)
        }
      },
    ),
  )
})

test('the same repository asked twice is granted once, with both actions', () => {
  assert.deepEqual(parseScope(['repository:a/b:pull', 'repository:a/b:push,pull']), [
    { type: 'repository', name: 'a/b', actions: ['pull', 'push'] },
  ])
})

test('the catalog is a registry scope', () => {
  assert.deepEqual(parseScope(['registry:catalog:*']), [{ type: 'registry', name: 'catalog', actions: ['*'] }])
})

test('a type, name or action that is not known here is left out', () => {
  const unknown = [
    'artifact-repository:x:pull',
    'repository(plugin):x:pull',
    'repository:UPPER:pull',
    'repository:h:5000/x:pull',
  ]
  assert.deepEqual(parseScope([...unknown, 'repository:x:', 'repository:x:fly', 'registry:other:*', '']), [])
  assert.deepEqual(parseScope(['repository:x:fly,pull']), [{ type: 'repository', name: 'x', actions: ['pull'] }])
})

test('text that is no scope is refused', () => {
  for (const text of [
    'repository',
    'repository:x',
    ':x:pull',
    'repository::pull',
    'repository:"x":pull',
    'repository:x:PULL',
  ]) {
    assert.throws(() => parseScope([text]), { code: ScopeMalformed.code }, text)
  }
})

test('more than a header can carry back is refused', () => {
  const many = Array.from({ length: 65 }, (_, i) => `repository:r${i}:pull`)
  assert.throws(() => parseScope(many), { code: ScopeMalformed.code })
  assert.throws(() => parseScope([`repository:${'a'.repeat(9000)}:pull`]), { code: ScopeMalformed.code })
})

test('a hostile name is refused in linear time', () => {
  const text = `repository:${'a-'.repeat(3000)}!:pull`
  assert.deepEqual(parseScope([text]), [])
})
