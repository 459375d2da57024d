import assert from 'node:assert/strict'
import { test } from 'node:test'
import { valueLines, valueTable } from './any-value.ts'
import { table } from './output.ts'

const rows = [
  { id: '1', name: 'a', on: true, n: 1, tags: ['x', 'y'], o: { k: 1 }, none: null },
  { id: '2', name: 'b', on: false, n: 2, tags: [], o: {}, extra: 'e' },
]

/** Written down from what knack 0.14, which makes the output of az, writes of the same. */
const TSV: [unknown, string][] = [
  [rows.map(row => row.name), 'a\nb\n'],
  [
    rows.map(({ name, on, n, tags, o, none = null }) => [name, on, n, tags, o, none]),
    'a\tTrue\t1\t2\t\tNone\nb\tFalse\t2\t0\t\tNone\n',
  ],
  [rows.map(({ name, on }) => ({ Name: name, on, none: null })), 'a\tTrue\tNone\nb\tFalse\tNone\n'],
  [rows.map(row => row.on), 'true\nfalse\n'],
  [true, 'true\n'],
  [['x', 'y'], 'x\ny\n'],
  [rows.map(row => row.tags), 'x\ty\n\n'],
  [2, '2\n'],
  [rows.map(({ id, tags }) => ({ id, tags })), '1\t2\n2\t0\n'],
  [[['x'], [null]], 'x\nNone\n'],
  [[], ''],
  [null, ''],
]

test('tsv is that of az: no titles, the length of lists, True and False in rows', () => {
  for (const [value, text] of TSV) {
    assert.equal(
      valueLines(value)
        .map(line => `${line.join('\t')}\n`)
        .join(''),
      text,
      JSON.stringify(value),
    )
  }
})

function shown(value: unknown): string {
  const made = valueTable(value)
  return table(made.rows, made.columns, 200)
}

test('a table takes its titles from the objects, and what is nested is left out', () => {
  assert.equal(shown(rows), 'Id  Name  On     N  Extra\n1   a     true   1\n2   b     false  2  e\n')
  assert.equal(shown(rows[0]), 'Id  Name  On    N\n1   a     true  1\n')
})

test('lists have numbered columns, and anything else is a result', () => {
  assert.equal(shown([['a', true, null], ['b']]), 'Column1  Column2  Column3\na        true\nb\n')
  assert.equal(shown(['a', 'b']), 'Result\na\nb\n')
  assert.deepEqual(valueTable(null).rows, [])
})
