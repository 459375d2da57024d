import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, said } from '../asking.fixture.ts'

test('async functions that await, not counting functions inside', async () => {
  const text = `async function a() { const b = 1; for await (const c of d) go(c) }
async function e() { go(); return () => { return async () => { await f(); g() } } }
const h = async () => { await go() }
const i = async () => { return 1 }`
  assert.deepEqual(await asked('async/awaits', 'a.ts', text), [
    'async → awaits',
    'async → never awaits',
    'async → awaits',
  ])
})

test('await or then, in async functions only', async () => {
  const text = `async function a() { await b(); c().then(d => d); return e.then(resolve) }
function f() { return g().then(h => h) }`
  assert.deepEqual((await asked('async/then', 'a.ts', text)).toSorted(), ['await → await', 'then → then'])
})

test('one after the other, or all at once', async () => {
  const text = `for (const a of b) { await go(a) }
for (const a of b) { c.map(async d => { await go(d) }) }
for await (const a of b) { await go(a) }
await Promise.all(b.map(a => go(a)))
await Promise.all([a, b])`
  assert.deepEqual(await asked('async/in-loop', 'a.ts', text), [
    'for → one after the other',
    'Promise.all → all at once',
  ])
})

test('equality with null or undefined is a habit of its own', async () => {
  const text = 'a === b; a != 1; a == null; undefined !== b; a > b'
  assert.deepEqual((await asked('apis/equality', 'a.ts', text)).toSorted(), [
    '!= → ==',
    '!== → === (empty)',
    '== → == (empty)',
    '=== → ===',
  ])
  assert.equal((await said('apis/equality', '===', 'a.ts', 'a != 1')).sketch, '!==')
})

test('what is never given another value', async () => {
  const text = `const a = 1
let b = 2
let c = 3
let d
let e = 5, f = 6
let g = 7
let h = 8
;[g] = list
for (h of list) go(h)
c += 1`
  assert.deepEqual(await asked('apis/never-reassigned', 'a.ts', text), ['const → const', 'let → let'])
  assert.equal((await said('apis/never-reassigned', 'const', 'a.ts', text)).sketch, 'const')
})

test('text put together by template or by plus, each once', async () => {
  const text = `go('a ' + b + ' c'); go(\`a \${b}\`); go(tag\`a \${b}\`); go('a' + 'b'); go(a + b); go(\`plain\`)`
  assert.deepEqual((await asked('apis/concatenation', 'a.ts', text)).toSorted(), [
    "'a ' + b + ' c' → +",
    `\`a \${b}\` → template`,
  ])
})

test('optional chaining, or the path twice', async () => {
  const text = 'go(a?.b); go(a && a.b); go(c.d && c.d(1)); go(a && ab.c); go(a && b); go(a && a.b > 1)'
  assert.deepEqual((await asked('apis/optional-chaining', 'a.ts', text)).toSorted(), [
    'a && a.b → &&',
    'a?.b → ?.',
    'c.d && c.d(1) → &&',
  ])
  assert.equal((await said('apis/optional-chaining', '?.', 'a.ts', 'go(a && a.b)')).sketch, 'a?.b')
})

test('callbacks that could be arrows', async () => {
  const text = `go(a => a); go(function (a) { return a }); go(function named() {}); go(function () { return this })
const b = function () {}`
  assert.deepEqual(await asked('apis/callback', 'a.ts', text), ['=> → arrow', 'function → function'])
})

test('positions that only ask whether something is there', async () => {
  const text = 'a.includes(b); a.indexOf(b) !== -1; a.indexOf(b) >= 0; a.indexOf(b) > 0; const c = a.indexOf(b)'
  assert.deepEqual(await asked('apis/membership', 'a.ts', text), [
    'a.includes(b) → includes',
    'a.indexOf(b) → indexOf',
    'a.indexOf(b) → indexOf',
  ])
})

test('the last of a list', async () => {
  const text = 'go(a.at(-1)); go(a[a.length - 1]); a[a.length - 1] = 2; go(a[b.length - 1]); go(a.at(i))'
  assert.deepEqual(await asked('apis/last-element', 'a.ts', text), [
    'a.at(-1) → at(-1)',
    'a[a.length - 1] → [length - 1]',
  ])
  assert.equal((await said('apis/last-element', 'at(-1)', 'a.ts', 'go(a[a.length - 1])')).sketch, 'a.at(-1)')
})

test('choices: enum or a union of literals', async () => {
  const text = "enum A { B }\ntype C = 'd' | 'e' | 1\ntype F = 'g' | string\ntype H = { i: 1 }"
  assert.deepEqual(await asked('apis/choice', 'a.ts', text), ['enum → enum', 'type → union'])
})

test('console in sources, but not where a terminal is meant', async () => {
  assert.deepEqual(await asked('logging/console', 'src/a.ts', "go()\nconsole.log('a')\nconsole.error('b')"), [
    'console.log → console',
  ])
  assert.deepEqual(await asked('logging/console', 'src/a.ts', "go()\nconsole.error('b')"), ['go() → quiet'])
  assert.deepEqual(await asked('logging/console', 'bin/a.ts', "console.log('a')"), [])
  assert.deepEqual(await asked('logging/console', 'a.ts', "#!/usr/bin/env node\nconsole.log('a')"), [])
})

test('lines go through the logger, by its name, or the console', async () => {
  const text = "this.logger.warn('a'); log.info('b'); console.error('c'); catalog.info('d')"
  assert.deepEqual(await asked('logging/through', 'src/a.ts', text), [
    'this.logger.warn → logger',
    'log.info → log',
    'console.error → console',
  ])
  assert.deepEqual(await asked('logging/through', 'scripts/a.ts', text), [])
})

test('log messages, constant or put together', async () => {
  const text = "log.info({ a }, 'went'); this.logger.warn('went ' + a); logger.error(error); log('a' + b)"
  assert.deepEqual(await asked('logging/message', 'a.ts', text), ["'went' → constant", "'went ' + a → put together"])
})
