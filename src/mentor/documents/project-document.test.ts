import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../kernel/index.ts'
import { modelServer } from '../../models/testing/model-server.fixture.ts'
import { verifyCitation } from '../citations/verify-citation.ts'
import type { MentorConfig } from '../config/types.ts'
import { memoryLibrary } from '../server/memory-library.fixture.ts'
import { projectDocument } from './project-document.ts'

const COMMIT = 'c'.repeat(40)
const passesOn = (name: string) => `export async function ${name}(id: string): Promise<void> {
  try {
    await store.load(id)
  } catch (error) {
    throw new Error('Could not load', { cause: error })
  }
}
`
const forgets = passesOn('forget').replace(', { cause: error }', '')
const repository = (file: (at: number) => string) => [
  { commit: COMMIT, files: Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`src/load-${at}.ts`, file(at)])) },
]
const library = await memoryLibrary({
  'team/orders': repository(at => passesOn(`loadOrder${at}`)),
  'team/billing': repository(at => (at === 7 ? `${passesOn('loadBill')}${forgets}` : passesOn(`loadBill${at}`))),
})
const golden = ['team/orders', 'team/billing'].map(name => ({
  ...{ name, source: `/${name}`, include: [], exclude: [], weight: 1, topics: [] },
}))
const config: MentorConfig = {
  name: 'shop',
  version: undefined,
  golden,
  norms: { agreement: 0.95, cases: 30, repositories: 2, off: [], each: {} },
  mute: [],
  model: undefined,
  embeddings: undefined,
  privacy: { never: [] },
  documents: { codeStyle: {}, wiki: {} },
  hints: { pause: 600, limit: 3, mode: 'learning', fading: undefined },
  handlers: [],
}
const project = {
  library,
  config,
  folder: '/shop',
  clock: systemClock('test'),
  env: {},
  signal: new AbortController().signal,
  retell: true,
}

test('Code Style tells mined norms, why they are kept, and who did not keep them', async () => {
  const { markdown, citations, retold } = await projectDocument('codeStyle', project)
  assert.equal(retold, undefined)
  assert.match(markdown, /51 places, by 2 repositories\. .*cause/i)
  assert.ok(markdown.includes('Not like this, `team/billing@cccccccccccc:src/load-7.ts#L'), markdown)
  for (const citation of citations) assert.deepEqual(await verifyCitation(citation, library.reader), { state: 'same' })
  assert.equal((await projectDocument('codeStyle', project)).markdown, markdown)
})

test('a model’s paragraphs stand only where they keep the citations; what it invents is never shown', async t => {
  const server = await modelServer(({ messages: [asked] }) => {
    const text = asked?.text ?? ''
    if (text.length % 2) return { pieces: [`Friends, ${text}`] }
    return { pieces: [`${text} See \`team/evil@cccccccccccc:src/x.ts#L1-L9\`.`] }
  })
  t.after(() => server.close())
  const told = { ...config, model: { kind: 'openai' as const, url: server.url, model: 'm', headers: {} } }
  const { markdown, retold } = await projectDocument('codeStyle', { ...project, config: told })
  assert.ok(retold && retold.told > 0 && retold.kept > 0)
  assert.equal(markdown.split('Friends, ').length - 1, retold.told)
  assert.ok(!markdown.includes('team/evil'))
  const { markdown: plain } = await projectDocument('codeStyle', { ...project, config: told, retell: false })
  assert.equal(markdown.replaceAll('Friends, ', ''), plain)
})

test('the format in archangel.json is the one that is filled', async () => {
  const own = {
    ...config,
    documents: { codeStyle: {}, wiki: { template: '{{#repositories}}{{repository}} {{/repositories}}' } },
  }
  assert.equal((await projectDocument('wiki', { ...project, config: own })).markdown, 'team/billing team/orders\n')
})
