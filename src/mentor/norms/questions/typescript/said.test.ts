import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, said } from '../asking.fixture.ts'

test('names of one word answer nothing, nor do those in PascalCase', async () => {
  const text = `function readAll() {}
function read_all() {}
function read() {}
function ReadAll() {}
const walkAll = () => 1, Walk_all = 2`
  assert.deepEqual(await asked('naming/function', 'a.ts', text), [
    'readAll → camelCase',
    'read_all → snake_case',
    'walkAll → camelCase',
  ])
  assert.equal((await said('naming/function', 'camelCase', 'a.ts', text)).sketch, 'readAll')
})

test('constants: values that are written down, at the top, exported or own', async () => {
  const text = `const MAX_LENGTH = 60 * 1000
export const defaultName = 'a'
const limit = -1
const made = make()
let counted_all = 1
function go() { const inner_value = 1 }`
  assert.deepEqual(await asked('naming/constant', 'a.ts', text), [
    'MAX_LENGTH → UPPER_CASE (own)',
    'defaultName → camelCase (exported)',
    'limit → camelCase (own)',
  ])
})

test('hidden members, in each way of hiding', async () => {
  const text = 'class A { #a = 1; private b = 2; _c = 3; private _d() {}; protected _e = 5; f = 6 }'
  assert.deepEqual(await asked('naming/private', 'a.ts', text), [
    'private → private name',
    '#a → #name',
    'private → private name',
    '_c → _name',
  ])
})

test('functions that return a boolean ask or don’t', async () => {
  const text = `function isReady(): boolean { return true }
function island(): boolean { return true }
function isText(a: unknown): a is string { return true }
function count(): number { return 1 }
class A { ready(): boolean { return true } }`
  assert.deepEqual(await asked('naming/boolean-function', 'a.ts', text), [
    'isReady → asks',
    'island → does not ask',
    'isText → asks',
    'ready → does not ask',
  ])
})

test('files by the form of their names, components apart', async () => {
  const told = async (path: string) => (await asked('naming/file', path, 'go()'))[0]
  assert.equal(await told('src/read-all.ts'), 'go() → kebab-case')
  assert.equal(await told('src/readAll.ts'), 'go() → camelCase')
  assert.equal(await told('src/Reader.tsx'), 'go() → PascalCase (components)')
  assert.equal(await told('src/read_all_test.ts'), 'go() → snake_case')
  assert.equal(await told('src/read.ts'), undefined)
  assert.match((await said('naming/file', 'kebab-case', 'src/readAll.test.ts', 'go()')).nudge, /`read-all.test.ts`/)
})

test('imports first: directives, comments and re-exports are no code', async () => {
  const text = `#!/usr/bin/env node
'use strict'
// a
import 'a'
export * from './b'
import 'c'
go()
import 'd'`
  assert.deepEqual(await asked('layout/imports-first', 'a.ts', text), [
    "import 'a' → first",
    "import 'c' → first",
    "import 'd' → below code",
  ])
})

test('exports by name or by default, where no tool asks for one', async () => {
  const text = 'export const a = 1\nexport default a\nexport * from "./b"'
  assert.deepEqual(await asked('layout/exports', 'src/a.ts', text), ['export → named', 'default → default'])
  assert.deepEqual(await asked('layout/exports', 'vite.config.ts', text), [])
})

test('lengths at their limits', async () => {
  const lines = (count: number) => 'a()\n'.repeat(count)
  assert.match((await asked('layout/file-length', 'a.ts', lines(499)))[0] ?? '', /up to/)
  assert.match((await asked('layout/file-length', 'a.ts', lines(500)))[0] ?? '', /more than/)
  assert.deepEqual(await asked('layout/function-length', 'a.ts', `function go() {\n${lines(78)}}`), [
    'go → up to 80 lines',
  ])
  assert.deepEqual(await asked('layout/function-length', 'a.ts', `function go() {\n${lines(79)}}`), [
    'go → more than 80 lines',
  ])
})

test('what is exported has a comment or none, each kind for itself', async () => {
  const text = `/** Goes. */
export function go() {}
export class A {
  /** Walks. */
  walk() {}
}
function own() {}`
  assert.deepEqual(await asked('docs/exported', 'a.ts', text), [
    'go → a doc comment (function)',
    'A → no comment (class)',
    'walk → a doc comment (method)',
  ])
})

test('the first sentence ends with a full stop or without', async () => {
  const text = `/** Goes there and back. */
export function a() {}
/**
 * Goes there and
 * back again
 * @param b how far
 */
export function b(b) {}
/** Short */
export function c() {}
/** Goes there: */
export function d() {}`
  assert.deepEqual(await asked('docs/full-stop', 'a.ts', text), ['a → ends with a full stop', 'b → ends without'])
})

test('tests: where they lie, how they are called, whether they run', async () => {
  const text =
    "describe('a', () => { it.only('should go there', () => {}); test('goes', () => {}); it.skip('goes back', () => {}) })"
  assert.deepEqual(await asked('tests/placement', 'src/__tests__/a.test.ts', text), [`${text} → __tests__`])
  assert.deepEqual(await asked('tests/placement', 'src/a.spec.ts', text), [`${text} → beside the source`])
  assert.deepEqual(await asked('tests/suffix', 'src/a.spec.ts', text), [`${text} → .spec`])
  assert.deepEqual(await asked('tests/running', 'a.test.ts', text), [
    'it.only → only this',
    'test → runs',
    'it.skip → skipped',
  ])
  assert.deepEqual(await asked('tests/title', 'a.test.ts', text), [
    "'should go there' → should …",
    "'goes back' → says what holds",
  ])
  const { sketch } = await said('tests/title', 'says what holds', 'a.test.ts', text)
  assert.equal(sketch, "'go there'")
})
