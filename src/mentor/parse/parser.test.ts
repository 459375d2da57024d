import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Edit, SyntaxNode } from './parsed.ts'
import { createParser } from './parser.ts'
import { parsed, parser } from './parsing.fixture.ts'

const SOURCE = `import { a } from './a.ts'
/** Doubles “it”. */
export function double(x: number): string {
  try { return \`\${x * 2} 🚣\` } catch (cause) { throw new Error('no', { cause }) }
}
`

test('nodes know parent, field and place', async () => {
  const file = await parsed('a.ts', SOURCE)
  const [caught] = file.nodes('catch_clause')
  const body = caught?.children.find(child => child.field === 'body')
  assert.equal(body?.type, 'statement_block')
  assert.equal(body?.parent, caught)
  assert.equal(body?.parent?.children[body.index], body)
  assert.equal(file.lineOf(body?.startIndex ?? 0), 4)
  assert.ok(caught && file.textOf(caught).startsWith('catch (cause)'))
  assert.ok(SOURCE.slice(caught?.startIndex).startsWith('catch'), 'characters of two UTF-16 units shift nothing')
  assert.deepEqual(file.nodes('nothing_like_it'), [])
})

test('a tree with errors is broken', async () => {
  assert.equal((await parsed('a.ts', 'const a = (1')).broken, true)
  assert.equal((await parsed('a.ts', 'function f( { return }')).broken, true)
  assert.equal((await parsed('a.ts', SOURCE)).broken, false)
})

test('what the grammar does not know yet is no error, and stands in the text as it is', async () => {
  const known = [
    'interface Box<in out T, const U extends string, /** A. */\n  out V = T> { a: T }',
    "export type * from './a.ts'\nexport type * as b from './b.ts'",
    'async function go() {\n  using a = open()\n  await using b: B = open()\n}',
    'class A {\n  static accessor b = 1\n}',
    'interface Get {\n  <T>(key: T): T\n  <\n    T,\n  >(key: T, more: T): T\n}',
  ]
  for (const text of known) {
    const file = await parsed('a.ts', text)
    assert.equal(file.broken, false, text)
    assert.equal(file.textOf(file.root).trimStart(), text)
  }
  assert.equal((await parsed('a.ts', 'interface Box<out T { a: T }')).broken, true)
  const page = await parsed('a.tsx', 'const a = (\n  <B>\n    <C />\n  </B>\n)\nexport type * from "b"')
  assert.equal(page.broken, false)
})

test('no language, a grammar that is not loaded, a text too long: nothing to parse', async () => {
  const fresh = await createParser()
  assert.equal(fresh.parse('a.ts', SOURCE), undefined)
  await fresh.ready('typescript')
  assert.ok(fresh.parse('a.ts', SOURCE))
  assert.equal(fresh.parse('a.go', 'package a'), undefined)
  assert.equal(fresh.parse('a.md', SOURCE), undefined)
  assert.equal(fresh.parse('a.ts', 'a;'.repeat(250_001)), undefined)
})

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  gone: fc.nat(12),
  text: fc.oneof(
    fc.constantFrom('\n', '}', '{', "'", '`', '/*', '🚣', 'catch {}', 'await ', '=>', '(', ')'),
    fc.string({ maxLength: 5 }),
  ),
})

test('after any edits the tree is the one that a fresh parse gives', async () => {
  await parser.ready('typescript')
  fc.assert(
    fc.property(fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), rounds => {
      let file = parser.parse('a.ts', SOURCE)
      for (const round of rounds) {
        assert.ok(file)
        let text = file.text
        const edits: Edit[] = round.map(({ at, gone, text: put }) => {
          const startIndex = Math.floor(at * text.length)
          const endIndex = Math.min(text.length, startIndex + gone)
          text = text.slice(0, startIndex) + put + text.slice(endIndex)
          return { startIndex, endIndex, text: put }
        })
        const next = parser.parse('a.ts', text, { parsed: file, edits })
        const fresh = parser.parse('a.ts', text)
        assert.ok(next && fresh)
        assert.equal(shape(next.root), shape(fresh.root))
        assert.deepEqual(next.units, fresh.units)
        file[Symbol.dispose]()
        fresh[Symbol.dispose]()
        file = next
      }
      file?.[Symbol.dispose]()
    }),
    { numRuns: 200 },
  )
})

test('edits that don’t lead to the text are not believed', async () => {
  const file = await parsed('a.ts', SOURCE)
  const text = `let odd = 1\n${SOURCE}`
  const next = parser.parse('a.ts', text, {
    parsed: file,
    edits: [{ startIndex: 40, endIndex: 41, text: 'something else' }],
  })
  assert.equal(shape(next?.root), shape(parser.parse('a.ts', text)?.root))
})

test('odd texts come back in time and break nothing', async () => {
  const odd = {
    parens: '('.repeat(20_000),
    nested: `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    calls: `${'f('.repeat(5_000)}1${')'.repeat(5_000)}`,
    less: 'a<'.repeat(10_000),
    templates: '`${'.repeat(10_000),
    nul: 'const a = 1\0\0;const b = 2',
    surrogates: '\ud800\udc00\ud800 = "\udfff"',
    empty: '',
  }
  for (const [name, text] of Object.entries(odd))
    for (const path of ['a.ts', 'a.tsx', 'a.js', 'a.py', 'a.go', 'A.cs', 'A.java']) {
      const file = await parsedOrNothing(path, text)
      assert.ok(file === undefined || file.root.endIndex <= text.length, `${name} in ${path}`)
      file?.[Symbol.dispose]()
    }
})

async function parsedOrNothing(path: string, text: string) {
  await parsed(path, '')
  return parser.parse(path, text)
}

test('a text that would fill the parser’s memory is not given to it', async () => {
  assert.equal(await parsedOrNothing('A.java', 'a<'.repeat(2_000)), undefined)
  assert.ok(await parsedOrNothing('a.tsx', `x = <a>${'<b>c</b>'.repeat(2_000)}</a>`))
  assert.ok(await parsedOrNothing('a.ts', 'if (a < b) c()\n'.repeat(400)))
})

test('a parse that takes too long is stopped, and the next one starts anew', async () => {
  let now = 0
  let step = 0
  const slow = await createParser({
    monotonic: () => {
      now += step
      return now
    },
  })
  await slow.ready('typescript')
  step = 10
  const text = SOURCE.repeat(50)
  assert.equal(slow.parse('a.ts', text), undefined)
  step = 0
  assert.equal(shape(slow.parse('a.ts', SOURCE)?.root), shape(parser.parse('a.ts', SOURCE)?.root))
  assert.equal(slow.parse('a.ts', text)?.broken, false)
})

test('a runtime that gave up is replaced, and its trees are no start for the next', async () => {
  const own = await createParser()
  await own.ready('typescript')
  const file = own.parse('a.ts', SOURCE)
  assert.ok(file)
  const { copy } = file.tree
  file.tree.copy = () => {
    throw Object.assign(new Error('Aborted()'), { name: 'RuntimeError' })
  }
  const edits = [{ startIndex: 0, endIndex: 0, text: ';' }]
  assert.equal(own.parse('a.ts', `;${SOURCE}`, { parsed: file, edits }), undefined)
  file.tree.copy = copy
  assert.equal(own.parse('a.ts', SOURCE), undefined)
  await Promise.all([own.ready('typescript'), own.ready('go')])
  const again = own.parse('a.ts', `;${SOURCE}`, { parsed: file, edits })
  assert.equal(shape(again?.root), shape(parser.parse('a.ts', `;${SOURCE}`)?.root))
  assert.ok(own.parse('a.go', 'package a'))
})

test('five thousand parses leave no trees behind', async () => {
  await parser.ready('typescript')
  const once = () => parser.parse('a.ts', SOURCE.repeat(5))?.[Symbol.dispose]()
  // Wasm's memory is in no count but this one. Without disposing it grows by 300 MB.
  const outside = () => process.memoryUsage.rss() - process.memoryUsage().heapTotal
  for (let i = 0; i < 500; i++) once()
  const before = outside()
  for (let i = 0; i < 5_000; i++) once()
  const grown = Math.round((outside() - before) / 1e6)
  assert.ok(grown < 100, `${grown} MB more outside the heap`)
})

function shape(node: SyntaxNode | undefined): string {
  if (node === undefined) return ''
  const inner = node.children.map(shape).join(' ')
  return `(${node.field} ${node.type} ${node.startIndex} ${node.endIndex} ${inner})`
}
