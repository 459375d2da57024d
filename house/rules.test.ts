import assert from 'node:assert/strict'
import { test } from 'node:test'
import { direction, fileCycles, forPages, known, page, tableCycles } from './direction.ts'
import { type Breach, buildHouse, formatBreach } from './house.ts'
import { reach } from './reach.ts'
import { defaultExports, doors, length, names, readmes, tested, unfinished } from './shape.ts'

const table = { kernel: [], oci: [], registry: ['oci'], cli: ['oci'] }

function build(files: Record<string, string>) {
  return buildHouse(new Map(Object.entries(files)))
}
/** The rule finds breaches exactly in these places. */
function places(breaches: Breach[]): string[] {
  return breaches.map(({ path, line }) => (line === undefined ? path : `${path}:${line}`))
}

test('direction: by the door and along the table is fine', () => {
  const house = build({
    'src/registry/a.ts':
      "import { x } from '../oci/index.ts'\nimport { y } from '../kernel/index.ts'\nimport { z } from './b.ts'",
    'src/roles/up.ts': "import { a } from '../cli/index.ts'\nimport { b } from './down.ts'",
    'src/main.ts': "import { up } from './roles/up.ts'",
    'src/oci/a.test.ts': "import { testStore } from '../kernel/engines.fixture.ts'",
    'test/x.test.ts': "import { a } from '../src/registry/index.ts'\nimport { up } from '../src/roles/up.ts'",
  })
  assert.deepEqual(direction(house, table), [])
})

test('direction: beside the door, against the table, into roles or main.ts is a breach, types too', () => {
  const house = build({
    'src/registry/a.ts': "import { x } from '../oci/digest.ts'\nexport { y } from '../cli/index.ts'",
    'src/oci/a.ts': "import type { x } from '../registry/index.ts'\nconst y = await import('../cli/index.ts')",
    'src/kernel/a.ts': "import { x } from '../oci/index.ts'",
    'src/cli/a.ts': "import { x } from '../roles/up.ts'\nimport { y } from '../main.ts'",
    'test/x.test.ts': "import { x } from '../src/oci/digest.ts'",
  })
  const breaches = direction(house, table)
  assert.deepEqual(places(breaches), [
    'src/registry/a.ts:1',
    'src/registry/a.ts:2',
    'src/oci/a.ts:1',
    'src/oci/a.ts:2',
    'src/kernel/a.ts:1',
    'src/cli/a.ts:1',
    'src/cli/a.ts:2',
    'test/x.test.ts:1',
  ])
  assert.match(
    breaches.map(formatBreach)[0] ?? '',
    /^src\/registry\/a\.ts:1 {2}rooms meet at doors: import from src\/oci\/index\.ts/,
  )
})

test('forPages: a room that pages import takes nothing of Node, of the kernel or of a package beside its own', () => {
  const house = build({
    'src/api/a.ts': "import { z } from 'zod'\nimport { b } from './b.ts'",
    'src/api/b.ts': "import type { Stats } from 'node:fs'\nexport type { C } from '../kernel/index.ts'\nimport 'pino'",
    'src/api/b.test.ts': "import { test } from 'node:test'",
    'src/oci/a.ts': "import { test } from 'node:test'",
  })
  assert.deepEqual(places(forPages(house, { api: ['zod'] })), ['src/api/b.ts:1', 'src/api/b.ts:3', 'src/api/b.ts:2'])
})

test('page: types of the API are fine; what runs, and types of other rooms, are a breach', () => {
  const house = build({
    'web/src/a.tsx': "import type { Role } from '../../src/api/index.ts'\nimport { b } from './b.ts'\nimport 'react'",
    'web/src/b.ts':
      "import { role } from '../../src/api/index.ts'\nimport type { Role } from '../../src/identity/index.ts'",
  })
  assert.deepEqual(places(page(house)), ['web/src/b.ts:1', 'web/src/b.ts:2'])
})

test('known: a folder that is no room is a breach', () => {
  assert.deepEqual(places(known(build({ 'src/misc/a.ts': '', 'src/oci/a.ts': '', 'src/roles/a.ts': '' }), table)), [
    'src/misc',
  ])
})

test('cycles: in the table, through files, but not through types', () => {
  assert.deepEqual(tableCycles(table), [])
  assert.equal(tableCycles({ a: ['b'], b: ['c'], c: ['a'] }).length, 1)
  assert.equal(tableCycles({ a: ['b'] }).length, 1)
  const a = "import { b } from './b.ts'"
  assert.match(
    fileCycles(build({ 'src/oci/a.ts': a, 'src/oci/b.ts': "export { a } from './a.ts'" }))[0]?.says ?? '',
    /a\.ts → .*b\.ts → .*a\.ts/,
  )
  assert.deepEqual(fileCycles(build({ 'src/oci/a.ts': a, 'src/oci/b.ts': "import type { a } from './a.ts'" })), [])
})

test('length and names', () => {
  const line = 'const a = 1\n'
  assert.deepEqual(places(length(build({ 'src/oci/a.ts': line.repeat(401), 'src/oci/b.ts': line.repeat(400) }))), [
    'src/oci/a.ts',
  ])
  const house = build({
    'src/oci/parseIt.ts': '',
    'src/Oci/a.ts': '',
    'src/oci/parse_it.test.ts': '',
    'bin/node26.mjs': '',
    'src/oci/a-b.test.ts': '',
  })
  assert.deepEqual(places(names(house)), ['src/oci/parseIt.ts', 'src/Oci/a.ts', 'src/oci/parse_it.test.ts'])
})

test('readmes: one a room, of half a page', () => {
  const house = build({
    'src/oci/a.ts': '',
    'src/cli/a.ts': '',
    'src/cli/README.md': 'x\n'.repeat(61),
    'src/kernel/a.ts': '',
    'src/kernel/README.md': 'x',
  })
  assert.deepEqual(places(readmes(house)), ['src/oci/README.md', 'src/cli/README.md'])
})

test('doors: there is one, and it only re-exports by name', () => {
  const house = build({
    'src/oci/index.ts': "export { a } from './a.ts'\nexport type { B } from './b.ts'",
    'src/cli/index.ts': "import { a } from './a.ts'\nexport const b = a\nexport * from './c.ts'",
    'src/registry/a.ts': '',
    'src/main.ts': '',
  })
  assert.deepEqual(places(doors(house)), ['src/registry/index.ts', 'src/cli/index.ts:2', 'src/cli/index.ts:3'])
})

test('default exports and unfinished work', () => {
  const house = build({
    'src/oci/a.ts': 'export default 1',
    'src/oci/b.ts': 'const a = 1\nexport { a as default }',
    'src/oci/c.ts': "const todo = 'TODO'\n// a list of things to do\n/* FIXME later */",
  })
  assert.deepEqual(places(defaultExports(house)), ['src/oci/a.ts:1', 'src/oci/b.ts:2'])
  assert.deepEqual(places(unfinished(house)), ['src/oci/c.ts:3'])
})

test('reach: every way to time, timers, chance, files, network and environment is seen', () => {
  const lines = [
    "import { readFile } from 'node:fs/promises'",
    "import { connect } from 'node:net'",
    "const fs = await import('node:fs')",
    'const a = Date.now()',
    'const b = new Date()',
    'const c = Math.random()',
    'setTimeout(() => a, 1)',
    'const later = setImmediate',
    "const d = fetch('x')",
    "const e = globalThis.fetch('x')",
    'const f = performance.now()',
    'const g = AbortSignal.timeout(1)',
    'const h = process.env.HOME',
  ]
  const found = places(reach(build({ 'src/oci/a.ts': lines.join('\n') }), []))
  assert.deepEqual(
    [...new Set(found)],
    lines.map((_, i) => `src/oci/a.ts:${i + 1}`),
  )
})

test('reach: what only looks like it is fine, and tests may', () => {
  const lines = [
    "import type { Server } from 'node:http'",
    'const a = new Date(5)',
    'const b = client.fetch(1)',
    'const c = { fetch: 1, setTimeout() {} }',
    'type T = { fetch(): void; performance: number }',
    'const d = clock.now() + a.getTime()',
    "const e = 'Date.now()' // Date.now()",
  ]
  const house = build({
    'src/oci/a.ts': lines.join('\n'),
    'src/oci/a.test.ts': 'Date.now()',
    'test/a.ts': 'Date.now()',
  })
  assert.deepEqual(places(reach(house, [])), [])
})

test('reach: an adapter may what it says, and must', () => {
  const house = build({ 'src/oci/a.ts': 'Date.now()\nMath.random()' })
  const allow = (path: string) => [{ path, reach: ['time'] as const, because: 'a test' }]
  assert.deepEqual(places(reach(house, allow('src/oci/a.ts'))), ['src/oci/a.ts:2'])
  assert.deepEqual(places(reach(house, allow('src/oci/'))), ['src/oci/a.ts:2'])
  assert.deepEqual(places(reach(house, allow('src/oci/b.ts'))), ['src/oci/a.ts:1', 'src/oci/a.ts:2', 'house/rooms.ts'])
})

test('tested: code that branches is reached by a test of its room, not through the door', () => {
  const branch = 'export const f = (a: number) => { if (a) return 1 }'
  const house = build({
    'src/oci/index.ts': "export { f } from './d.ts'",
    'src/oci/a.ts': `import { g } from './b.ts'\n${branch}`,
    'src/oci/a.test.ts': "import { f } from './a.ts'\nimport { d } from './index.ts'",
    'src/oci/b.ts': branch,
    'src/oci/c.ts': 'export type C = { a: number }\n// if (nothing) runs',
    'src/oci/d.ts': branch,
    'src/cli/x.test.ts': "import { f } from '../oci/index.ts'",
    'src/roles/up.ts': branch,
  })
  assert.deepEqual(places(tested(house)), ['src/oci/d.ts'])
})
