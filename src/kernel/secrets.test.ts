import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ensureSecret, readSecret, replaceSecret, SecretMissing } from './secrets.ts'

const dir = mkdtempSync(join(tmpdir(), 'towpath-secrets-'))
after(() => rmSync(dir, { recursive: true, force: true }))

function file(name: string, text: string, mode: number): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return `file:${path}`
}

test('by environment and by file, without the last newline', () => {
  assert.equal(readSecret('env:A', { A: 'hunter2' }), 'hunter2')
  assert.equal(readSecret(file('a', 'hunter2\n', 0o600), {}), 'hunter2')
  assert.equal(readSecret(file('b', ' two\nlines\n\n', 0o440), {}), ' two\nlines\n')
})

test('a file that others can read or change is refused with the command that helps', () => {
  for (const mode of [0o604, 0o644, 0o602, 0o620]) {
    assert.throws(
      () => readSecret(file('open', 'hunter2', mode), {}),
      error => {
        assert.ok(error instanceof Error && SecretMissing.code === Reflect.get(error, 'code'))
        assert.match(String(Reflect.get(error, 'next')), /chmod 600/)
        return !error.message.includes('hunter2')
      },
    )
  }
})

test('errors name the reference, never a value', () => {
  assert.throws(() => readSecret('env:A', {}), /env:A is not set/)
  assert.throws(() => readSecret('env:A', { A: '' }), /env:A is not set/)
  assert.throws(() => readSecret(`file:${dir}/none`, {}), /cannot be read \(ENOENT\)/)
  assert.throws(() => readSecret(file('empty', '\n', 0o600), {}), /is empty/)
  assert.throws(() => readSecret(file('large', 'x'.repeat(70_000), 0o600), {}), /larger than/)
  assert.throws(
    () => readSecret('hunter2', {}),
    error => error instanceof Error && !/hunter2/.test(JSON.stringify(error) + error.message),
  )
})

test('a secret is made once, closed to others, and found again', () => {
  const path = join(dir, 'deep', 'key')
  const first = ensureSecret(path, () => 'first')
  const second = ensureSecret(path, () => 'second')
  assert.deepEqual(
    [first, second],
    [
      { value: 'first', made: true },
      { value: 'first', made: false },
    ],
  )
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(statSync(join(dir, 'deep')).mode & 0o777, 0o700)
  assert.deepEqual(readdirSync(join(dir, 'deep')), ['key'])
})

test('the process that lost the race takes what the other made', () => {
  const path = join(dir, 'deep', 'raced')
  const lost = ensureSecret(path, () => {
    ensureSecret(path, () => 'theirs')
    return 'mine'
  })
  assert.deepEqual(lost, { value: 'theirs', made: false })
})

test('a secret is replaced whole, and stays closed to others', () => {
  const path = join(dir, 'deep', 'replaced')
  ensureSecret(path, () => 'old')
  replaceSecret(path, 'new')
  assert.deepEqual(
    ensureSecret(path, () => 'other'),
    { value: 'new', made: false },
  )
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(
    readdirSync(join(dir, 'deep')).filter(name => name.endsWith('.draft')),
    [],
  )
})
