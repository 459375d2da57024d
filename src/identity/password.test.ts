import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../kernel/index.ts'
import { generatePassword, hashPassword, verifyPassword } from './password.ts'

const clock = systemClock('test')

test('a password verifies against its own hash only, and no two hashes are alike', async () => {
  const one = await hashPassword(clock, 'hold fast', 16)
  const two = await hashPassword(clock, 'hold fast', 16)
  assert.match(one, /^scrypt\$16\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  assert.notEqual(one, two)
  assert.equal(await verifyPassword('hold fast', one), true)
  assert.equal(await verifyPassword('hold fast', two), true)
  assert.equal(await verifyPassword('hold fasT', one), false)
})

test('the cost is 32 MiB a guess unless a test says otherwise', async () => {
  const hash = await hashPassword(clock, 'x')
  assert.match(hash, /^scrypt\$32768\$8\$1\$/)
  assert.equal(await verifyPassword('x', hash), true)
})

test('one letter typed on two systems is one password', async () => {
  const hash = await hashPassword(clock, 'caf\u00e9', 16)
  assert.equal(await verifyPassword('cafe\u0301', hash), true)
})

test('a row that can not be read opens nothing and costs nothing', async () => {
  const hash = await hashPassword(clock, 'x', 16)
  for (const row of ['', 'x', 'scrypt$16$8$1$$', 'plain$x', hash.replace('$16$', '$1073741824$'), hash.slice(0, -2)]) {
    assert.equal(await verifyPassword('x', row), false, row)
  }
})

test('generated passwords are 26 letters and digits that no shell quotes', () => {
  const seen = new Set(Array.from({ length: 50 }, () => generatePassword(clock)))
  assert.equal(seen.size, 50)
  for (const password of seen) assert.match(password, /^[a-km-np-z2-9]{26}$/)
})
