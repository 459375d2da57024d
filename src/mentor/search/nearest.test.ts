import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest } from './nearest.ts'
import { golden, memoryIndex } from './search.fixture.ts'

const one = (name: string, body: string) => ({
  text: `function ${name}() {\n${body}\n}`,
  units: [{ name }],
})
const mine = {
  name: 'readConfig',
  text: 'function readConfig() {\n  const text = readFileSync(path)\n  return JSON.parse(text)\n}',
  imports: [{ specifier: 'node:fs' }],
  language: 'typescript',
} as const

test('the golden passage nearest to mine is called alike and does alike', () => {
  const index = memoryIndex({
    'acme/a': [
      { path: 'a.ts', ...one('loadConfig', '  return schema.parse(JSON.parse(readFileSync(path)))') },
      { path: 'b.ts', ...one('sendMail', '  return smtp.send(mail)') },
      { path: 'c.py', ...one('read_config', '  return json.parse(text)') },
    ],
  })
  const near = nearest(index, mine, { golden: golden('acme/a'), limit: 3 })
  assert.deepEqual(
    near.map(({ name }) => name),
    ['loadConfig'],
  )
})

test('of two alike the one whose file imports what mine does comes first', () => {
  const body = '  return JSON.parse(readFileSync(path))'
  const imports = [{ specifier: 'node:fs', names: [], line: 1 }]
  const index = memoryIndex({
    'acme/a': [
      { path: 'a.ts', ...one('readConfig', `${body} // a`) },
      { path: 'b.ts', ...one('readConfig', `${body} // b`), imports },
    ],
  })
  const [first, second] = nearest(index, mine, { golden: golden('acme/a'), limit: 2 })
  assert.deepEqual([first?.path, second?.path], ['b.ts', 'a.ts'])
})

test('nothing is near to what shares neither a name nor an import, nor is a passage near to itself', () => {
  const index = memoryIndex({
    'acme/a': [
      { path: 'a.ts', ...one('sendMail', '  return text(JSON.stringify(path))') },
      { path: 'b.ts', text: mine.text, units: [{ name: mine.name }] },
    ],
  })
  assert.deepEqual(nearest(index, mine, { golden: golden('acme/a'), limit: 3 }), [])
})
