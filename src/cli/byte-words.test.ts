import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../kernel/index.ts'
import { bytesText, parseBytes } from './byte-words.ts'

test('sizes are read with and without a unit', () => {
  const read = ['0', '500', '500B', '1KiB', '1.5 MiB', '10GiB', '2TiB'].map(text => parseBytes('--bytes', text))
  assert.deepEqual(read, [0, 500, 500, 1024, 1.5 * 1024 ** 2, 10 * 1024 ** 3, 2 * 1024 ** 4])
})

test('what is no size is refused with an example', () => {
  for (const text of ['', 'GiB', '-1', '10GB', '1e9', '0x10', '10 gib']) {
    assert.throws(
      () => parseBytes('--bytes', text),
      error => error instanceof Failure && error.next.includes('--bytes 10GiB'),
      text,
    )
  }
})

test('sizes are shown to three digits', () => {
  const shown = [0, 1023, 1024, 1536, 10 * 1024 ** 3, 1234 * 1024 ** 3, 5000 * 1024 ** 4].map(bytesText)
  assert.deepEqual(shown, ['0 B', '1023 B', '1 KiB', '1.5 KiB', '10 GiB', '1.21 TiB', '5000 TiB'])
})
