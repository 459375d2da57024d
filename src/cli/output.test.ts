import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ago, table, timeText } from './output.ts'

const columns = [
  { title: 'NAME', text: (row: { name: string; note: string }) => row.name },
  { title: 'NOTE', text: (row: { name: string; note: string }) => row.note },
]

test('columns are aligned and lines end where their text ends', () => {
  const rows = [
    { name: 'a', note: 'first' },
    { name: 'longer', note: '' },
  ]
  assert.equal(table(rows, columns, 80), 'NAME    NOTE\na       first\nlonger\n')
})

test('a table fits the terminal, the widest column gives way', () => {
  const text = table([{ name: 'abc', note: 'x'.repeat(100) }], columns, 30)
  for (const line of text.trimEnd().split('\n')) assert.ok(line.length <= 30, line)
  assert.match(text, /abc {3}x+…/)
})

test('control characters of a server never reach the terminal', () => {
  const text = table([{ name: '\u001b[2Jx', note: 'a\nb\u009b31m' }], columns, 80)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\u009b]/)
  assert.equal(text.split('\n').length, 3)
})

test('durations are one number', () => {
  assert.deepEqual([0, 61_000, 3_600_000, 90_000_000, 1e9].map(ago), ['0 s', '61 s', '60 min', '25 h', '12 d'])
})

test('times are written as Azure writes them, and none is no text', () => {
  assert.equal(timeText(Date.UTC(2026, 0, 1)), '2026-01-01T00:00:00Z')
  assert.equal(timeText(null), '')
})
