import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical } from './canonical.ts'

test('the sorting example of RFC 8785, section 3.2.3', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
  const text = canonical(Object.fromEntries(keys.map(key => [key, key.codePointAt(0) ?? 0])))
  const order = Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)":/g), ([, key]) => JSON.parse(`"${key}"`) as string)
  assert.deepEqual(order, ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'])
})

test('no white space; text as ECMAScript escapes it', () => {
  assert.equal(
    canonical({ b: [1, { z: true, a: '"\n\u001f€' }], a: -5 }),
    '{"a":-5,"b":[1,{"a":"\\"\\n\\u001f€","z":true}]}',
  )
})
