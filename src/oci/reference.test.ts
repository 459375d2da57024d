import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../kernel/index.ts'
import { digestOf, parseDigest } from './digest.ts'
import {
  formatReference,
  isRepository,
  isTag,
  parseReference,
  parseTag,
  type Reference,
  selector,
} from './reference.ts'

const digest = digestOf('x')

test('references are taken apart', () => {
  const cases: [string, Reference][] = [
    ['127.0.0.1:5000/team/app:1.0', { host: '127.0.0.1:5000', repository: 'team/app', tag: '1.0' }],
    ['localhost/app', { host: 'localhost', repository: 'app' }],
    [`quay.io/a/b@${digest}`, { host: 'quay.io', repository: 'a/b', digest }],
    [`[::1]:5000/a:t@${digest}`, { host: '[::1]:5000', repository: 'a', tag: 't', digest }],
    ['docker.io/debian', { host: 'docker.io', repository: 'library/debian' }],
    ['Example.COM/a__b--c.d/e_f', { host: 'example.com', repository: 'a__b--c.d/e_f' }],
  ]
  for (const [text, expected] of cases) assert.deepEqual(parseReference(text), expected, text)
  assert.equal(parseReference('team/app', { host: 'localhost:5000' }).host, 'localhost:5000')
  assert.equal(selector({ tag: '1', digest }), digest)
  assert.equal(selector({}), 'latest')
})

test('what is no reference is refused', () => {
  const refused = [
    '',
    'app',
    'team/app',
    'localhost/',
    'localhost/App',
    'localhost/a//b',
    'localhost/../a',
    'localhost/a/',
    'localhost/a___b',
    'localhost/a:',
    'localhost/a:-x',
    'localhost:0/a',
    'localhost:70000/a',
    'host name.x/a',
    'user@host.x/a',
    'http://localhost/a',
    `localhost/a:${'t'.repeat(129)}`,
    `localhost/${'a'.repeat(256)}`,
    'localhost/a@sha256:short',
  ]
  for (const text of refused) assert.throws(() => parseReference(text), Failure, text)
  assert.throws(() => parseTag('a/b'), { code: 'TAG_INVALID' })
})

test('a long hostile name is refused at once', () => {
  // A grammar that backtracks would not come back from these.
  for (const text of [`${'a-'.repeat(126)}!`, `${'a_'.repeat(126)}!`, `${'a/'.repeat(126)}!`]) {
    assert.equal(isRepository(text), false)
  }
})

const alnum = fc.string({ unit: fc.constantFrom(...'abz019'), minLength: 1, maxLength: 6 })
const part = fc
  .tuple(alnum, fc.array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '---'), alnum), { maxLength: 3 }))
  .map(([first, more]) => first + more.flat().join(''))
const repository = fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'))
const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/)
const host = fc.constantFrom('localhost', 'localhost:5000', '127.0.0.1:1', '[::1]:65535', 'a-b.example.org')

test('a reference that is written is read back', () => {
  fc.assert(
    fc.property(host, repository, fc.option(tag), fc.option(fc.uint8Array()), (at, name, t, bytes) => {
      assert.ok(isRepository(name))
      const ref: Reference = {
        host: at,
        repository: name,
        ...(t === null ? {} : { tag: t }),
        ...(bytes === null ? {} : { digest: digestOf(bytes) }),
      }
      assert.deepEqual(parseReference(formatReference(ref)), ref)
    }),
  )
})

test('any text is a reference or a failure', () => {
  const near = fc.string({ unit: fc.constantFrom(...'aZ0./:@-_[]é\n'), maxLength: 60 })
  fc.assert(
    fc.property(fc.oneof(fc.string(), near), text => {
      try {
        const ref = parseReference(text, { host: 'localhost' })
        assert.ok(isRepository(ref.repository) && (ref.tag === undefined || isTag(ref.tag)))
        if (ref.digest) parseDigest(ref.digest)
      } catch (error) {
        assert.ok(error instanceof Failure, String(error))
      }
    }),
  )
})
