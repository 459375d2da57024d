import assert from 'node:assert/strict'
import { test } from 'node:test'
import { embeddingServer } from '../../src/models/testing/embedding-server.fixture.ts'
import { writeGolden } from './golden.ts'
import { machine } from './mentor.ts'

test('search by meaning, where it is allowed; what is sent; and by words alone when the endpoint is gone', {
  timeout: 120_000,
}, async t => {
  const one = machine(t)
  const { run, done, write } = one
  // Only one passage is near to the question.
  const server = await embeddingServer(input => input.map(text => (/number 7 |\?/.test(text) ? [1, 0] : [0, 1])))
  t.after(() => server.close())
  writeGolden(one)
  const embeddings = { url: server.url, model: 'small' }
  write({
    'project/archangel.json': { repositories: ['acme/payments'], embeddings },
    'project/src/mine.ts': 'const mine = 1\n',
  })
  await done(['mentor', 'index'])
  const ask = ['mentor', 'search', 'retry', 'with', 'pauses?', '--limit', '20', '-o', 'json']

  const before = JSON.parse(await done(ask))
  assert.equal(server.seen.length, 0, 'it waits until it is allowed')
  await done(['mentor', 'allow', '--yes'])
  const found = JSON.parse(await done(ask))
  const placeOf = (passages: { name: string }[]) => passages.findIndex(({ name }) => name === 'retryRequest7')
  assert.ok(placeOf(found) < placeOf(before), `${placeOf(before)} before, ${placeOf(found)} by meaning`)
  const sent = server.seen.flatMap(({ input }) => input)
  assert.ok(sent.length > 10 && sent.every(text => text === 'retry with pauses?' || text.includes('Retries a request')))

  await server.close()
  const alone = await run(ask)
  assert.equal(alone.code, 0)
  assert.deepEqual(JSON.parse(alone.stdout), before)
  assert.match(alone.stderr, /^By words alone: localhost/m)
})
