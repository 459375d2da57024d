import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type JsonPath, placeOf, plainValue, positions, readJson } from './json.ts'

function value(text: string): unknown {
  const read = readJson(text)
  assert.ok('root' in read, JSON.stringify(read))
  return plainValue(read.root)
}

function broken(text: string) {
  const read = readJson(text)
  assert.ok('broken' in read, 'nothing was refused')
  return read.broken
}

test('reads what JSON.parse reads, however it is written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 2, '\t'), (any, indent) => {
      fc.pre(!JSON.stringify(any).includes('__proto__'))
      assert.deepEqual(value(JSON.stringify(any, null, indent)), JSON.parse(JSON.stringify(any)))
    }),
  )
})

test('takes no text that JSON.parse does not take', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b',
    '1',
    '-',
    '01',
    'true',
    'nul',
    ' ',
    '//x',
    '\n',
    '\\',
    '\u0000',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), parts => {
      const text = parts.join('')
      const read = readJson(text)
      const twice = 'broken' in read && read.broken.says.endsWith('again')
      let plain: unknown
      try {
        plain = JSON.parse(text)
      } catch {
        return assert.ok('broken' in read, text)
      }
      if (!twice) assert.deepEqual('root' in read && plainValue(read.root), plain)
    }),
    { numRuns: 2000 },
  )
})

test('says where it breaks and what to do', () => {
  assert.deepEqual(broken('{"a": 1,}').at, 7)
  assert.match(broken('{"a": 1,}').says, /after the last/)
  assert.match(broken('{ // why\n}').says, /comment/)
  assert.match(broken('# yaml').says, /comment/)
  assert.match(broken('{a: 1}').fix, /double quotes/)
  assert.match(broken('{"a": 1, "a": 2}').says, /"a" again/)
  assert.match(broken('{"__proto__": {}}').says, /no key/)
  assert.match(broken('{"a": "x\n"}').says, /without an end/)
  assert.match(broken('{"a": "\\x"}').says, /escape/)
  assert.match(broken('{} {}').says, /after the end/)
  assert.match(broken('').says, /ends where/)
  assert.deepEqual(value('\uFEFF{}'), {})
})

test('a hundred thousand brackets are answered and no stack ends', () => {
  assert.match(broken('['.repeat(100_000)).says, /deep/)
  assert.match(broken('{"a":'.repeat(50_000)).says, /deep/)
})

test('points at values, at keys, and at what should hold the missing', () => {
  const text = '{\n  "model": { "kind": "opnai" },\n  "mute": [1, {}]\n}'
  const read = readJson(text)
  assert.ok('root' in read)
  const shown = (path: JsonPath, what?: 'key') => {
    const { start, end } = placeOf(read.root, path, what)
    return text.slice(start, end)
  }
  assert.equal(shown(['model', 'kind']), '"opnai"')
  assert.equal(shown(['model', 'kind'], 'key'), '"kind"')
  assert.equal(shown(['model', 'url']), '"model"')
  assert.equal(shown(['mute', 0]), '1')
  assert.equal(shown(['mute', 1, 'reason']), '{')
  assert.equal(shown([]), '{')
})

test('positions are lines and UTF-16 units from 0, for every end of line', () => {
  const at = positions('a\r\nb😀c\rd\ne')
  assert.deepEqual(at(0), { line: 0, character: 0 })
  assert.deepEqual(at(6), { line: 1, character: 3 })
  assert.deepEqual(at(8), { line: 2, character: 0 })
  assert.deepEqual(at(10), { line: 3, character: 0 })
})
