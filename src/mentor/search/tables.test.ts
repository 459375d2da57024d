import assert from 'node:assert/strict'
import { test } from 'node:test'
import { golden, memoryIndex } from './search.fixture.ts'
import { search } from './search.ts'
import { symbols } from './symbols.ts'

const shape = {
  path: 'src/shape.ts',
  text: [
    'export class Shape {',
    '  /** How much room it takes. */',
    '  area() {',
    '    return this.triangulate()',
    '  }',
    '}',
  ].join('\n'),
  units: [
    { kind: 'class', name: 'Shape' },
    { kind: 'method', name: 'area', container: 'Shape', startLine: 2, endLine: 5, doc: 'How much room it takes.' },
  ] as const,
}

test('what a method says is found in the method, not in its class', () => {
  const index = memoryIndex({ 'acme/geo': [{ ...shape, units: [...shape.units] }] })
  const found = search(index, 'triangulate', { golden: golden('acme/geo'), limit: 5 })
  assert.deepEqual(
    found.map(({ name }) => name),
    ['area'],
  )
})

test('lines outside all units are found, imports alone are not', () => {
  const text = ["import { a } from 'vendored'", "import { b } from 'vendored'", "import { c } from 'vendored'", '']
  const routes = ['export const routes = [', "  get('/health', alive),", "  get('/ready', ready),", ']']
  const index = memoryIndex({ 'acme/web': [{ path: 'src/routes.ts', text: [...text, ...routes].join('\n') }] })
  const ask = (question: string) => search(index, question, { golden: golden('acme/web'), limit: 5 })
  assert.equal(ask('health routes')[0]?.kind, 'lines')
  const imports = memoryIndex({ 'acme/web': [{ path: 'src/routes.ts', text: text.join('\n') }] })
  assert.deepEqual(search(imports, 'vendored', { golden: golden('acme/web'), limit: 5 }), [])
})

test('a long stretch outside all units is cut into pieces that can be read', () => {
  const text = Array.from({ length: 200 }, (_, at) => (at % 9 === 8 ? '' : `register('thing', ${at})`)).join('\n')
  const index = memoryIndex({ 'acme/web': [{ path: 'src/things.ts', text }] })
  const found = search(index, 'register thing', { golden: golden('acme/web'), limit: 50 })
  assert.ok(found.every(({ startLine, endLine }) => endLine - startLine < 60))
  const lines = found.flatMap(({ text }) => text.split('\n')).filter(line => line !== '')
  assert.deepEqual(
    lines.sort(),
    text
      .split('\n')
      .filter(line => line !== '')
      .sort(),
  )
})

test('nothing of a removed file is left in any table', () => {
  const index = memoryIndex({
    'acme/geo': [{ ...shape, units: [...shape.units], imports: [{ specifier: 'x', names: [], line: 1 }] }],
  })
  index.rows.remove(1)
  assert.deepEqual(search(index, 'triangulate shape', { golden: golden('acme/geo'), limit: 5 }), [])
  assert.deepEqual(symbols(index, 'Shape', { golden: golden('acme/geo'), limit: 5 }), [])
  for (const table of ['search_text', 'search_unit', 'search_words', 'search_names', 'search_import']) {
    assert.deepEqual({ ...index.db.prepare(`SELECT count(*) AS many FROM ${table}`).get() }, { many: 0 }, table)
  }
})
