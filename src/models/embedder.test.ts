import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { systemClock } from '../kernel/index.ts'
import { openEmbedder } from './embedder.ts'
import { embeddingServer } from './testing/embedding-server.fixture.ts'

const clock = systemClock('test')

async function embedder(t: TestContext, answer: Parameters<typeof embeddingServer>[0], patience = 5000) {
  const server = await embeddingServer(answer)
  const settings = { url: server.url, model: 'small', key: 'env:KEY' }
  const opened = openEmbedder(settings, { clock, env: { KEY: 'k-1234' }, patience })
  t.after(async () => {
    opened.close()
    await server.close()
  })
  return { server, opened }
}

test('each text gets its vector, in whatever order they come', async t => {
  const { server, opened } = await embedder(t, input => input.map((text, at) => [text.length, at]))
  const vectors = await opened.embed(['a', 'bcd'])
  assert.deepEqual(
    vectors.map(vector => [...vector]),
    [
      [1, 0],
      [3, 1],
    ],
  )
  const [asked] = server.seen
  assert.deepEqual([asked?.path, asked?.model, asked?.input], ['/v1/embeddings', 'small', ['a', 'bcd']])
  assert.equal(asked?.headers.authorization, 'Bearer k-1234')
})

test('an answer that is not one vector a text is refused', async t => {
  for (const answer of [
    () => [[1, 2]],
    () => [[1, 2], [1]],
    () => ({ status: 200, body: '{"data":[{"index":0,"embedding":["a"]}]}' }),
    () => ({ status: 200, body: '<html>' }),
  ]) {
    const { opened } = await embedder(t, answer)
    await assert.rejects(opened.embed(['a', 'b']), { code: 'MODEL_ANSWER_BROKEN' })
  }
})

test('what the server refuses is told without the key', async t => {
  const { opened } = await embedder(t, () => ({ status: 401, body: '{"error":{"message":"bad key k-1234"}}' }))
  await assert.rejects(opened.embed(['a']), error => {
    assert.equal((error as { code?: string }).code, 'MODEL_REFUSED')
    assert.ok(!inspect(error, { depth: 9 }).includes('k-1234'))
    return true
  })
})

test('a server that says nothing is waited for only so long, and not after the caller left', async t => {
  const { opened } = await embedder(t, () => undefined, 50)
  await assert.rejects(opened.embed(['a']), { code: 'MODEL_SILENT' })
  const left = new AbortController()
  const asked = opened.embed(['a'], left.signal)
  left.abort(new Error('left'))
  await assert.rejects(asked, /left/)
})
