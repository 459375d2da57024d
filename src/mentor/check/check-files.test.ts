import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allLines, lineSet } from '../../git/index.ts'
import { createParser } from '../parse/parser.ts'
import { CITATION, NORM } from './check.fixture.ts'
import { type CheckOptions, checkFiles } from './check-files.ts'

const LOAD = `export function load() {
  try {
    read()
  } catch {}
  try {
    read()
  } catch (error) {
    throw new Error('again', { cause: error })
  }
}
`

async function check(
  files: Record<string, string | Uint8Array | 'too large' | undefined>,
  more: Partial<CheckOptions> = {},
) {
  return checkFiles({
    files: Object.keys(files),
    absolute: path => `/work/${path}`,
    read: async path => {
      const content = files[path]
      return typeof content === 'string' && content !== 'too large'
        ? new TextEncoder().encode(content)
        : (content as Uint8Array | undefined)
    },
    changed: async () => allLines,
    rules: async () => ({ norms: [NORM], mute: [], cite: async () => CITATION }),
    facts: { paths: new Set(Object.keys(files)) },
    parser: await createParser({ monotonic: () => 0 }),
    signal: new AbortController().signal,
    ...more,
  })
}

test('finds what the editor finds, with place, citation and counts', async () => {
  const { findings, tallies, files } = await check({ 'src/load.ts': LOAD, 'README.md': '# x' })
  assert.equal(files, 1)
  assert.deepEqual(tallies, [{ norm: 'errors/catch-empty', language: 'typescript', kept: 1, broken: 1 }])
  const [one, ...more] = findings
  assert.deepEqual(more, [])
  assert.deepEqual(one?.region, { startLine: 4, startColumn: 5, endLine: 4, endColumn: 10 })
  assert.deepEqual([one?.path, one?.line, one?.citations], ['src/load.ts', '} catch {}', [CITATION]])
  assert.equal(one?.words.nudge, 'Who will know that this failed?')
})

test('only changed lines are held to a norm, and counted', async () => {
  const changed = async () => lineSet([{ start: 5, end: 9 }])
  const { findings, tallies } = await check({ 'src/load.ts': LOAD }, { changed })
  assert.deepEqual(findings, [])
  assert.deepEqual(
    tallies.map(({ kept, broken }) => [kept, broken]),
    [[1, 0]],
  )
})

test('what is muted is told with its reason and counts for nothing', async () => {
  const mute = { norm: 'errors/*', path: 'src/**', reason: 'generated', folder: '/work' }
  const rules = async () => ({ norms: [NORM], mute: [mute], cite: async () => undefined })
  const { findings, tallies } = await check({ 'src/load.ts': LOAD, 'lib/load.ts': LOAD }, { rules })
  assert.deepEqual(
    findings.map(one => [one.path, one.mute?.reason]),
    [
      ['src/load.ts', 'generated'],
      ['lib/load.ts', undefined],
    ],
  )
  assert.deepEqual(findings[1]?.citations, [], 'a golden place that is gone is not cited')
  assert.deepEqual(
    tallies.map(({ broken }) => broken),
    [1],
  )
})

test('what can not be looked at is named, and the rest is', async () => {
  const files = {
    'a.ts': 'function (',
    'b.ts': new Uint8Array([0, 1, 2]),
    'c.ts': undefined,
    'd.ts': 'too large' as const,
    'e.ts': `// ${'x'.repeat(600_000)}`,
    'f.ts': LOAD,
  }
  const { skipped, findings } = await check(files)
  assert.deepEqual(
    skipped.map(({ path, why }) => `${path} ${why}`),
    ['a.ts broken syntax', 'b.ts binary', 'c.ts not readable', 'd.ts too large', 'e.ts too large'],
  )
  assert.deepEqual(
    findings.map(({ path }) => path),
    ['f.ts'],
  )
})

test('many files: a bounded number at once, in their order, and an end when called off', async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`src/${String(i).padStart(2, '0')}.ts`, LOAD]))
  let open = 0
  let most = 0
  const read = async () => {
    most = Math.max(most, ++open)
    await new Promise(resolve => setImmediate(resolve))
    open--
    return new TextEncoder().encode(LOAD)
  }
  const { findings } = await check(files, { read })
  assert.ok(most > 1 && most <= 8, String(most))
  assert.deepEqual(
    findings.map(({ path }) => path),
    Object.keys(files),
  )
  const stop = new AbortController()
  await assert.rejects(
    check(files, { signal: stop.signal, onFile: done => done === 3 && stop.abort(new Error('enough')) }),
    /enough/,
  )
})
