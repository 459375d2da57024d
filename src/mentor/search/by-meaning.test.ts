import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../kernel/index.ts'
import { openEmbedder } from '../../models/index.ts'
import { embeddingServer } from '../../models/testing/embedding-server.fixture.ts'
import type { Privacy } from '../privacy/types.ts'
import { createSearchByMeaning } from './by-meaning.ts'
import { golden, memoryIndex } from './search.fixture.ts'
import { search } from './search.ts'

const clock = systemClock('test')
const signal = new AbortController().signal
const open: Privacy = { clear: async ({ text }) => ({ text, redacted: [] }), withheld: async () => undefined }

const file = (name: string, body: string) => ({
  path: `src/${name}.ts`,
  text: `export function ${name}() {\n  ${body}\n}`,
  units: [{ name }],
})
const index = memoryIndex({
  'acme/a': [file('retryRequest', 'request(retry)'), file('backOff', 'request(later)'), file('other', 'request(now)')],
})
const options = { golden: golden('acme/a'), limit: 3, signal }
const byWords = search(index, 'retry a request', options).map(({ name }) => name)

async function meaning(
  t: TestContext,
  answer: Parameters<typeof embeddingServer>[0],
  more: { privacy?: Privacy; deadline?: number } = {},
) {
  const server = await embeddingServer(answer)
  const embedder = openEmbedder({ url: server.url, model: 'small' }, { clock, env: {} })
  t.after(async () => {
    embedder.close()
    await server.close()
  })
  return { server, ask: createSearchByMeaning({ embedder, privacy: open, clock, ...more }) }
}

/** What means "later" is near to the question. */
const vectors = (input: string[]) => input.map(text => (/later|\?/.test(text) ? [1, 0.1] : [0, 1]))

test('passages that mean what was asked move up, and vectors are asked for once', async t => {
  const { server, ask } = await meaning(t, vectors)
  assert.notEqual(byWords[0], 'backOff')
  const { passages, failure } = await ask(index, 'retry a request?', options)
  assert.equal(failure, undefined)
  assert.ok(passages.findIndex(({ name }) => name === 'backOff') < byWords.indexOf('backOff'))
  await ask(index, 'retry a request?', options)
  assert.equal(server.seen.length, 1)
})

test('the endpoint gets the question and golden passages, as far as privacy lets them', async t => {
  const privacy: Privacy = {
    ...open,
    clear: async ({ path, text }) => {
      assert.equal(path, undefined)
      return text.includes('later')
        ? { withheld: 'is an environment file' }
        : { text: text.replace('now', '…'), redacted: [] }
    },
  }
  const { server, ask } = await meaning(t, vectors, { privacy })
  const { passages } = await ask(index, 'retry a request?', options)
  assert.deepEqual(server.seen.flatMap(({ input }) => input).sort(), [
    'export function other() {\n  request(…)\n}',
    'export function retryRequest() {\n  request(retry)\n}',
    'retry a request?',
  ])
  assert.equal(passages.length, 3)
})

test('a server that refuses, is slow or is gone leaves the order of the words, and says why', async t => {
  const cases = [
    [() => ({ status: 400, body: 'no' }), 'MODEL_REFUSED'],
    [() => undefined, 'MENTOR_EMBEDDINGS_LATE'],
    [(input: string[]) => input.map(() => [0, 0]), undefined],
  ] as const
  for (const [answer, code] of cases) {
    const { ask } = await meaning(t, answer, { deadline: code === 'MENTOR_EMBEDDINGS_LATE' ? 30 : 3000 })
    const { passages, failure } = await ask(index, 'retry a request', options)
    assert.equal(failure?.code, code)
    assert.deepEqual(
      passages.map(({ name }) => name),
      byWords,
    )
  }
})

test('whoever leaves gets no answer', async t => {
  const { ask } = await meaning(t, () => undefined)
  const left = new AbortController()
  const asked = ask(index, 'retry a request', { ...options, signal: left.signal })
  left.abort(new Error('left'))
  await assert.rejects(asked, /left/)
})
