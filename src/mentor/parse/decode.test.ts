import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeSource } from './decode.ts'

test('text is decoded, without a byte order mark', () => {
  assert.equal(decodeSource(new TextEncoder().encode('\ufeffconst a = "ä"\r\n')), 'const a = "ä"\r\n')
})

test('a NUL near the start makes a file binary', () => {
  assert.equal(decodeSource(Uint8Array.of(0x7f, 0x45, 0x00, 0x0a)), undefined)
})

test('invalid UTF-8 is replaced and keeps the lines of the bytes', () => {
  const bytes = Uint8Array.of(0x61, 0xe2, 0x0a, 0xff, 0x0a, 0xc3, 0x28, 0x0a)
  const text = decodeSource(bytes)
  assert.equal(text?.split('\n').length, 4)
  assert.equal(text?.split('\n')[2], '\ufffd(')
})
