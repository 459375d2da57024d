import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { tempDir, testRepository } from '../../git/repository.fixture.ts'
import { loadMentorConfig } from '../config/load.ts'
import type { MentorConfig } from '../config/types.ts'
import { clock, golden } from '../index/index.fixture.ts'
import { openLibrary } from './open-library.ts'

const HANDLES = `export async function send(id: string): Promise<void> {
  try {
    await store.send(id)
  } catch (error) {
    log.warn({ error }, 'It was not sent')
  }
}
`
const SWALLOWS = HANDLES.replace(/\(error\) \{[^}]*\}[^}]*\}/, '{}')

async function setUp(t: TestContext) {
  const { config: defaults } = await loadMentorConfig({ folder: tempDir(t), state: tempDir(t) })
  const repository = testRepository(t, { 'src/send.ts': HANDLES })
  const library = openLibrary({ dir: tempDir(t), clock })
  t.after(() => library.close())
  const sources = [golden(repository)]
  const config = (agreement: number): MentorConfig => {
    const norms = { ...defaults.norms, agreement, cases: 1, repositories: 1 }
    return { ...defaults, golden: sources, norms }
  }
  const refresh = () => library.refresh(sources, { signal: new AbortController().signal, onProgress: () => undefined })
  const answer = async (agreement = 0.9) => {
    const { norms } = await library.mined(config(agreement))
    return norms.find(({ id }) => id === 'errors/catch-empty')?.answer
  }
  return { repository, library, refresh, answer, config }
}

test('norms are mined of what is indexed, for each threshold, and again when that changes', async t => {
  const { repository, library, refresh, answer } = await setUp(t)
  assert.equal(await answer(), undefined, 'nothing is indexed')
  await refresh()
  const handles = await answer()
  assert.ok(handles)

  for (const name of ['a', 'b']) repository.write({ [`src/${name}.ts`]: SWALLOWS })
  repository.commit()
  assert.equal(await answer(), handles, 'what was indexed still holds')
  await refresh()
  assert.equal(await answer(), undefined, 'two of three is no agreement')
  const swallows = await answer(0.6)
  assert.ok(swallows !== undefined && swallows !== handles)
  await library.wipe()
  assert.equal(await answer(0.6), undefined)
})

test('what is asked twice at once is mined once', async t => {
  const { library, refresh, config } = await setUp(t)
  await refresh()
  const [first, second] = await Promise.all([library.mined(config(0.9)), library.mined(config(0.9))])
  assert.equal(first, second)
  assert.ok(first.norms.length > 0)
})
