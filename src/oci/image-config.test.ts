import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readImagePlatform } from './image-config.ts'

const nothing = { architecture: '', os: '' }

test('the platform is what the config says, and nothing where it says none', () => {
  const read = (text: string) => readImagePlatform(Buffer.from(text))
  assert.deepEqual(read('{"architecture":"arm64","os":"linux","config":{}}'), { architecture: 'arm64', os: 'linux' })
  assert.deepEqual(read('{"architecture":"s390x"}'), { architecture: 's390x', os: '' })
  assert.deepEqual(read('{"architecture":"a b","os":7}'), nothing)
  assert.deepEqual(read(`{"os":"${'x'.repeat(65)}"}`), nothing)
  for (const text of ['', '[]', 'no json', '{"os":"linux"', `${'['.repeat(1000)}`])
    assert.deepEqual(read(text), nothing)
  assert.deepEqual(readImagePlatform(new Uint8Array(4 * 1024 * 1024 + 1).fill(0x20)), nothing)
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), bytes => {
      const { architecture, os } = readImagePlatform(bytes)
      assert.match(architecture + os, /^[\w.+-]*$/)
    }),
  )
})
