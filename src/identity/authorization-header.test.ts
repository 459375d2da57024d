import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../kernel/index.ts'
import { parseAuthorization } from './authorization-header.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const wellFormed = (text: string) => text.isWellFormed() && !text.includes('\0')

test('any user and password come through Basic unharmed', () => {
  const user = fc.string({ unit: 'grapheme' }).filter(text => wellFormed(text) && !text.includes(':'))
  const password = fc.string({ unit: 'grapheme' }).filter(wellFormed)
  fc.assert(
    fc.property(user, password, fc.constantFrom('Basic', 'basic', 'BASIC'), (user, password, scheme) => {
      const given = parseAuthorization(`${scheme} ${base64(`${user}:${password}`)}`)
      assert.deepEqual(given, { scheme: 'basic', user, password })
    }),
  )
})

test('any header is read or refused with 401, and the refusal repeats none of it', () => {
  const header = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ minLength: 12 }).map(text => `Basic ${text}`),
    fc.string({ minLength: 12 }).map(text => `Bearer ${text}`),
    fc.uint8Array({ minLength: 12 }).map(bytes => `Basic ${Buffer.from(bytes).toString('base64')}`),
  )
  fc.assert(
    fc.property(header, text => {
      try {
        assert.ok(['basic', 'bearer'].includes(parseAuthorization(text).scheme))
      } catch (error) {
        assert.ok(error instanceof Failure && error.status === 401)
        const secret = text.split(' ')[1] ?? ''
        if (secret.length >= 12) assert.ok(!`${error.message} ${error.next}`.includes(secret))
      }
    }),
  )
})

test('a NUL, bad UTF-8, a missing colon and an unknown scheme are refused', () => {
  const bad = [
    `Basic ${base64('admin:a\0b')}`,
    `Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`,
    `Basic ${base64('admin')}`,
    'Basic',
    'Basic ',
    'Digest username="admin"',
    'Bearer a.b',
    'Bearer a.b.c d',
    'Bearer a.b.',
  ]
  for (const header of bad) assert.throws(() => parseAuthorization(header), { status: 401 }, header)
})

test('a bearer token is taken as it is', () => {
  assert.deepEqual(parseAuthorization('bearer aa.b_b.c-c'), { scheme: 'bearer', token: 'aa.b_b.c-c' })
})
