import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { LineWriter, readLines, summarize } from './lines.ts'
import { formatRow, parseRow } from './row-text.ts'

function file(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-lines-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return join(dir, 'a.ndjson')
}

const text = fc.string({ unit: 'grapheme' }).map(value => value.toWellFormed())
const value = fc.oneof(
  text,
  fc.constantFrom('\n', '\r\n', '\u2028', '{"$bytes":"AA=="}', ''),
  fc.maxSafeInteger(),
  fc.constant(null),
  fc.uint8Array().map(bytes => Buffer.from(bytes)),
)
const row = fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,10}$/), value, { noNullPrototype: true })

test('rows of any text, number and bytes come back the same, each on one line', () => {
  fc.assert(
    fc.property(row, given => {
      const line = formatRow(given)
      assert.ok(!line.includes('\n'))
      assert.deepEqual(parseRow(line), given)
    }),
  )
})

test('what formatRow did not write is refused', () => {
  for (const line of [
    '',
    '[]',
    '{"a":true}',
    '{"a":{"$bytes":"?"}}',
    '{"a":{"$bytes":"AA==","b":1}}',
    '{"a":[1]}',
    '{',
  ]) {
    assert.throws(() => parseRow(line), line)
  }
})

test('lines of every length come back in order, and the summary is that of the file', async t => {
  const path = file(t)
  // Around the 1 MiB in which lines are written and read, and one of several.
  const block = 1024 * 1024
  const lengths = [0, 1, block - 3, block - 1, block, block + 1, 3 * block, 0, 5]
  const lines = lengths.map((length, i) => String.fromCharCode(97 + i).repeat(length))
  const writer = await LineWriter.create(path)
  for (const line of lines) await writer.add(line)
  const summary = await writer.end()
  assert.deepEqual(await Array.fromAsync(readLines(path)), lines)
  const bytes = readFileSync(path)
  assert.deepEqual(summary, {
    rows: lines.length,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  })
  assert.deepEqual(await summarize(path), summary)
})

test('an empty file has no lines; one cut short gives the rest of its last', async t => {
  const path = file(t)
  assert.equal((await (await LineWriter.create(path)).end()).rows, 0)
  assert.deepEqual(await Array.fromAsync(readLines(path)), [])
  writeFileSync(path, 'a\n\u00e4\u2028b')
  assert.deepEqual(await Array.fromAsync(readLines(path)), ['a', '\u00e4\u2028b'])
})
