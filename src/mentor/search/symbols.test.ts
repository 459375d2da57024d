import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileTarget } from './import-target.ts'
import { importers } from './importers.ts'
import { golden, memoryIndex } from './search.fixture.ts'
import { symbols } from './symbols.ts'

const file = (path: string, ...names: string[]) => ({
  path,
  text: names.map(name => `function ${name}() {}`).join('\n'),
  units: names.map((name, at) => ({ name, startLine: at + 1, endLine: at + 1 })),
})

test('a symbol is found by any piece of its name, the nearest name first', () => {
  const index = memoryIndex({ 'acme/a': [file('a.ts', 'openParser', 'parse', 'parseAll', 'unrelated')] })
  const named = (piece: string) => symbols(index, piece, { golden: golden('acme/a'), limit: 5 }).map(({ name }) => name)
  assert.deepEqual(named('PARSE'), ['parse', 'parseAll', 'openParser'])
  assert.deepEqual(named('pa'), ['parse', 'parseAll'])
  assert.deepEqual(named('enPar'), ['openParser'])
  assert.deepEqual(named('"'), [])
  assert.deepEqual(named('%'), [])
  assert.deepEqual(named(''), [])
})

test('symbols of other repositories stay out', () => {
  const index = memoryIndex({ 'acme/a': [file('a.ts', 'parse')], 'acme/b': [file('b.ts', 'parse')] })
  const found = symbols(index, 'parse', { golden: golden('acme/b'), limit: 5 })
  assert.deepEqual(
    found.map(({ repository, path, startLine }) => ({ repository, path, startLine })),
    [{ repository: 'acme/b', path: 'b.ts', startLine: 1 }],
  )
})

test('who imports a package, and who imports a file whatever they call it', () => {
  const imports = (specifier: string, ...names: string[]) => [{ specifier, names, line: 1 }]
  const index = memoryIndex({
    'acme/a': [
      { ...file('src/a.ts', 'a'), imports: imports('./lib/wire.ts', 'send', 'receive') },
      { ...file('src/lib/b.ts', 'b'), imports: imports('./wire') },
      { ...file('src/c.ts', 'c'), imports: imports('node:net', 'connect') },
      { ...file('pkg/sub/d.py', 'd'), imports: imports('..util', 'e') },
    ],
  })
  const who = (target: string) =>
    importers(index, target, { golden: golden('acme/a'), limit: 5 }).map(({ path, names }) => [path, ...names])
  assert.deepEqual(who(fileTarget('src/lib/wire.ts')), [['src/a.ts', 'send', 'receive'], ['src/lib/b.ts']])
  assert.deepEqual(who('node:net'), [['src/c.ts', 'connect']])
  assert.deepEqual(who(fileTarget('pkg/util/__init__.py')), [['pkg/sub/d.py', 'e']])
})
