import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineSet } from '../../git/index.ts'
import { systemClock } from '../../kernel/index.ts'
import { openModel } from '../../models/index.ts'
import { modelServer } from '../../models/testing/model-server.fixture.ts'
import { checkedOf, finding, NORM } from '../check/check.fixture.ts'
import type { Finding } from '../check/finding.ts'
import { cite } from '../citations/citation.ts'
import { library } from '../documents/documents.fixture.ts'
import type { Privacy } from '../privacy/types.ts'
import { golden } from '../search/search.fixture.ts'
import { changesOf } from './changes.ts'
import { reviewOf } from './review.ts'
import { reviewMarkdown } from './review-markdown.ts'
import { reviewWords } from './review-words.ts'

const GOOD =
  'export function loadFile(path) {\n  try {\n    return read(path)\n  } catch (cause) {\n    throw new Error(path, { cause })\n  }\n}\n'
const files = {
  'src/load.ts': { text: GOOD, units: [{ name: 'loadFile', doc: 'Loads a file.' }] },
  'src/old.ts': 'try { go() } catch {}\n',
}
const { index, reader } = library({ 'team/golden': files })
const place = { repository: 'team/golden', commit: 'c'.repeat(40), path: 'src/load.ts', startLine: 4, endLine: 6 }
const old = { ...place, path: 'src/old.ts', startLine: 1, endLine: 1 }
const norm = { ...NORM, dissent: [{ repository: 'team/golden', answer: 'empty', count: 1, places: [old] }] }

async function found(more: Partial<Finding> = {}): Promise<Finding> {
  const citation = await cite(place, reader)
  assert.ok(citation)
  return finding({ norm, citations: [citation], ...more })
}
const at = (startLine: number) => ({ startLine, startColumn: 1, endLine: startLine, endColumn: 2 })

test('a remark has its question, its reason, the golden lines and who does otherwise', async () => {
  const checked = checkedOf([await found(), await found({ region: at(9) })])
  const review = await reviewOf(checked, reader)
  assert.equal(review.remarks.length, 1)
  const [remark] = review.remarks
  assert.deepEqual([remark?.line, remark?.alsoAt], [4, [9]])
  assert.equal(remark?.golden.place, 'team/golden@cccccccccccc:src/load.ts#L4-L6')
  assert.match(remark?.golden.text ?? '', /catch \(cause\)/)
  assert.equal(remark?.alternatives[0]?.golden?.text, 'try { go() } catch {}')
  const markdown = reviewMarkdown(review)
  for (const said of [
    'Line 4 (also in line 9): Who will know that this failed?',
    '39 of 40 places, held by 2 repositories',
    '`team/golden@cccccccccccc:src/load.ts#L4-L6`',
    'Otherwise: `team/golden` has "empty" 1 time',
  ]) {
    assert.ok(markdown.includes(said), said)
  }
})

test('errors come before names, muted ones and those without a golden place not at all', async () => {
  const name = await found({ norm: { ...norm, id: 'naming/function' }, path: 'src/a.ts' })
  const muted = await found({ path: 'src/b.ts', mute: { norm: norm.id, reason: 'we differ', folder: '/w' } })
  const gone = await found({ path: 'src/c.ts', citations: [] })
  const review = await reviewOf(checkedOf([name, muted, gone, await found({ path: 'src/z.ts' })]), reader)
  assert.deepEqual(
    review.remarks.map(({ path, norm: id }) => `${path} ${id}`),
    [`src/z.ts ${norm.id}`, 'src/a.ts naming/function'],
  )
  assert.equal(review.muted, 1)
  const many = await Promise.all(Array.from({ length: 40 }, (_, n) => found({ path: `src/f${n}.ts` })))
  const long = await reviewOf(checkedOf(many), reader)
  assert.deepEqual([long.remarks.length, long.more], [15, 25])
})

test('nothing to say is said, and what was kept', async () => {
  assert.match(
    reviewMarkdown(await reviewOf(checkedOf([]), reader)),
    /nothing in it differs[\s\S]*Held to in the new lines: `errors\/catch-empty` 3 ×/,
  )
  assert.match(reviewMarkdown(await reviewOf(checkedOf([], { files: 0 }), reader)), /Nothing is changed/)
})

test('changes are the new lines and three around them', () => {
  const text = Array.from({ length: 30 }, (_, n) => `l${n + 1}\n`).join('')
  const at = { file: '/w/a.ts', path: 'a.ts' }
  const spans = changesOf(
    at,
    text,
    lineSet([
      { start: 2, end: 2 },
      { start: 8, end: 9 },
      { start: 29, end: 99 },
    ]),
  )
  assert.deepEqual(
    spans.map(({ startLine, endLine }) => [startLine, endLine]),
    [
      [1, 12],
      [26, 30],
    ],
  )
  assert.equal(spans[1]?.text, 'l26\nl27\nl28\nl29\nl30')
  assert.deepEqual(changesOf(at, '', lineSet([{ start: 1, end: 9 }])), [])
})

test('a model’s words on top are checked, and get nothing that must not leave', { timeout: 20_000 }, async t => {
  const server = await modelServer(() => ({
    pieces: ['Line 4 of src/load.ts drops it; loadFile keeps it [1]. Sleep [8]. See evil.ts:3.'],
  }))
  const clock = systemClock('test')
  const model = openModel({ kind: 'openai', url: server.url, model: 'm' }, { clock, env: {} })
  t.after(() => {
    model.close()
    return server.close()
  })
  const privacy: Privacy = {
    clear: async ({ path, text }) =>
      path === '/w/.env' ? { withheld: 'is an environment file' } : { text, redacted: [] },
    withheld: async () => undefined,
  }
  const review = await reviewOf(checkedOf([await found()]), reader)
  const change = { file: '/w/src/load.ts', path: 'src/load.ts', startLine: 1, endLine: 4, text: 'loadFile()' }
  const secret = { ...change, file: '/w/.env', path: '.env', text: 'KEY=hunter2x' }
  const reviewing = {
    review,
    library: { index, reader, golden: golden('team/golden') },
    model,
    privacy,
    clock,
    signal: new AbortController().signal,
  }
  const words = await reviewWords({ ...reviewing, changes: [change, secret] })
  assert.equal(
    words.text,
    'Line 4 of src/load.ts drops it; loadFile keeps it [1]. Sleep . See . *(the last 2 sentences are not from your golden repositories)*',
  )
  assert.deepEqual(words.struck, ['[8]', 'evil.ts:3'])
  assert.deepEqual(words.withheld, [{ path: '.env', why: 'is an environment file' }])
  assert.doesNotMatch(JSON.stringify(server.seen), /hunter2x/)
  assert.match(server.seen[0]?.messages[0]?.text ?? '', /What was found by counting:\n- line 4 of src\/load\.ts/)
  assert.match(reviewMarkdown(review, words.text), /\nLine 4 of src\/load\.ts drops it/)
  assert.equal((await reviewWords({ ...reviewing, changes: [secret] })).text, '')
  assert.equal(server.seen.length, 1)
})
