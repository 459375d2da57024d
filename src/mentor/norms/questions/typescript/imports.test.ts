import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, said } from '../asking.fixture.ts'

test('built-in modules by their prefix, however they are taken in', async () => {
  const text = `import { join } from 'node:path'
import fs from 'fs/promises'
const os = require('os')
import { a } from 'fastify'`
  assert.deepEqual(await asked('imports/node-prefix', 'a.ts', text), [
    "'node:path' → node:",
    "'fs/promises' → bare",
    "'os' → bare",
  ])
  assert.equal((await said('imports/node-prefix', 'node:', 'a.ts', text)).sketch, "'node:fs/promises'")
})

test('extensions of relative imports, where there is code to import', async () => {
  const text = `import { a } from './a.ts'
import { b } from '../b'
export * from './c.jsx'
import d from './d.json'
import './e.css'
import { f } from '.'
import { g } from 'g'
import { h } from './h.service'`
  assert.deepEqual(await asked('imports/extension', 'a.ts', text), [
    "'./a.ts' → .ts",
    "'../b' → none",
    "'./h.service' → none",
    "'./c.jsx' → .js",
  ])
  assert.equal((await said('imports/extension', '.ts', 'a.ts', text)).sketch, "'../b.ts'")
  assert.equal((await said('imports/extension', 'none', 'a.ts', text)).sketch, "'./a'")
})

test('imports of which the file needs only the types', async () => {
  const text = `import { A } from './a.ts'
import type { B } from './b.ts'
import { type C } from './c.ts'
import { D, e } from './d.ts'
import { F } from './f.ts'
import G from './g.ts'
import { H as I } from './h.ts'
import { unused } from './u.ts'
let all: [A, B, C, D, G, I] = e(F)
class J extends F {}`
  assert.deepEqual(await asked('imports/type-only', 'a.ts', text), [
    '{ A } → import',
    '{ B } → import type',
    '{ type C } → import { type … }',
    '{ H as I } → import',
  ])
  assert.equal((await said('imports/type-only', 'import type', 'a.ts', text)).sketch, 'type { A }')
})

test('packages by their door or inside', async () => {
  const text = [
    'a',
    '@b/c',
    'd/sub',
    'd/dist/x.js',
    '@b/c/src/e',
    '@std/internal/x',
    '@/own',
    'node:fs',
    'fs',
    './lib/x',
  ]
    .map(specifier => `import '${specifier}'`)
    .join('\n')
  assert.deepEqual(await asked('imports/package-door', 'a.ts', text), [
    "'a' → by its door",
    "'@b/c' → by its door",
    "'d/sub' → by its door",
    "'d/dist/x.js' → inside a package",
    "'@b/c/src/e' → inside a package",
    "'@std/internal/x' → by its door",
  ])
})

test('JavaScript says import or require', async () => {
  assert.deepEqual(await asked('imports/modules', 'a.js', "import a from 'a'\nconst b = require('b')\nimport('c')"), [
    "'a' → import",
    "'b' → require",
  ])
})

test('layers: which of two folders beside each other knows the other', async () => {
  const text = `import { a } from '../store/a.ts'
import { b } from './own.ts'
import { c } from '../../lib/c.ts'
import { d } from '../top.ts'
import { e } from '../../../outside/e.ts'
import { f } from './deep/f.ts'`
  assert.deepEqual(await asked('imports/layers', 'src/routes/x.ts', text), [
    "'../store/a.ts' → routes imports store (routes~store)",
    "'../../lib/c.ts' → src imports lib (lib~src)",
  ])
  const { nudge } = await said('imports/layers', 'store imports routes', 'src/routes/x.ts', text)
  assert.equal(nudge, 'Should `routes` know of `store`?')
})
