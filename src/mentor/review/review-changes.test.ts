import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { tempDir, testRepository } from '../../git/repository.fixture.ts'
import { systemClock } from '../../kernel/index.ts'
import { modelServer } from '../../models/testing/model-server.fixture.ts'
import { openModelFor } from '../chat/open-model-for.ts'
import { commitOf } from '../citations/golden.fixture.ts'
import { allowConfigs } from '../config/allow.ts'
import { loadMentorConfig } from '../config/load.ts'
import type { Library } from '../server/library.ts'
import { memoryLibrary } from '../server/memory-library.fixture.ts'
import { reviewChanges } from './review-changes.ts'

const limit = { timeout: 60_000 }
const clock = systemClock('test')
const loader = (n: number) => `/** Loads number ${n}. */
export function load${n}(path: string): string {
  try {
    return read(path)
  } catch (error) {
    throw new Error('Could not load it', { cause: error })
  }
}
`
const BREACH = 'export function save(path: string): void {\n  try {\n    write(path)\n  } catch {}\n}\n'

/** Two repositories that agree on how an error is caught. */
async function golden(): Promise<Library> {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`src/load-${n}.ts`, loader(n)]))
  const library = await memoryLibrary({
    'team/a': [{ commit: commitOf('a'), files }],
    'team/b': [{ commit: commitOf('b'), files }],
  })
  const indexed = ['team/a', 'team/b'].map(repository => ({ repository, commit: commitOf('a') }))
  const status = { ...library.status(), repositories: indexed } as unknown as ReturnType<Library['status']>
  return { ...library, status: () => status }
}

async function setUp(t: TestContext, model: object | undefined, env = {}) {
  const config = { repositories: ['team/a', 'team/b'], privacy: { never: ['hidden/**'] }, ...(model ? { model } : {}) }
  const work = testRepository(t, { 'archangel.json': JSON.stringify(config), 'old.ts': BREACH })
  const state = tempDir(t)
  await allowConfigs({ folder: work.dir, state })
  const { config: loaded } = await loadMentorConfig({ folder: work.dir, state })
  const library = await golden()
  const { model: opened, privacy, close } = await openModelFor({ folder: work.dir, config: loaded, env, clock })
  t.after(() => {
    close()
    library.close()
  })
  const signal = new AbortController().signal
  const options = { folder: work.dir, paths: [], library, state, clock, signal, privacy, model: opened }
  return { work, review: () => reviewChanges(options) }
}

test('new lines are reviewed and old ones are not; without a model it is whole', limit, async t => {
  const { work, review } = await setUp(t, undefined)
  assert.match((await review()).markdown, /Nothing is changed/)
  work.write({ 'new.ts': BREACH })
  const { review: found, markdown, words } = await review()
  assert.deepEqual([...new Set(found.remarks.map(({ path }) => path))], ['new.ts'])
  assert.match(markdown, /40 of 40 places, held by 2 repositories[\s\S]*As in `team\/[ab]@/)
  assert.equal(words, undefined)
})

test('a model gets the new lines that may leave, and its failure takes nothing away', limit, async t => {
  let status = 200
  const server = await modelServer(() => (status === 200 ? { pieces: ['Say why [1].'] } : { status, body: '{}' }))
  t.after(() => server.close())
  const { work, review } = await setUp(t, { kind: 'openai', url: server.url, model: 'm' })
  work.write({ 'new.ts': BREACH, 'hidden/b.ts': BREACH.replace('save', 'hideIt') })
  const told = await review()
  assert.match(told.markdown, /\n\nSay why \[1\]\.\n\n/)
  assert.deepEqual(told.notes, ['Nothing of hidden/b.ts was sent: it is named by privacy.never.'])
  const sent = JSON.stringify(server.seen[0]?.messages)
  assert.match(sent, /own new\.ts, lines 1 to 5/)
  assert.doesNotMatch(sent, /hideIt|hidden\/b/)

  status = 403
  const failed = await review()
  assert.equal(failed.words, undefined)
  assert.deepEqual(failed.review, told.review)
  assert.match(failed.notes.join(), /Without the model’s words: .* answered 403.*Check the key/)
})

test('in a folder without a repository nothing counts as ignored', limit, async t => {
  const folder = tempDir(t)
  const { config } = await loadMentorConfig({ folder, state: folder })
  const { model, privacy, close } = await openModelFor({ folder, config, env: {}, clock })
  t.after(close)
  assert.equal(model, undefined)
  assert.equal(await privacy.withheld(`${folder}/src/a.ts`), undefined)
  assert.equal(await privacy.withheld(`${folder}/.env`), 'is an environment file')
})
