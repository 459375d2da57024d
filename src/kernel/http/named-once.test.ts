import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawClient, testServer } from './serve.fixture.ts'

test('who is asked and who asks is said once', { timeout: 10_000 }, async () => {
  const server = await testServer((req, res) => void res.end(req.headers.authorization ?? 'nobody'))
  const ask = (...lines: string[]) =>
    rawClient(server.port, `${['GET / HTTP/1.1', ...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`).ended
  assert.match(await ask('Host: x', 'Authorization: one', 'Accept: a', 'Accept: b'), / 200 [\s\S]*one$/)
  const cases = [
    ['Host: x', 'Authorization: first', 'AUTHORIZATION: second'],
    ['Host: x', 'Accept: a', 'host: first', 'Authorization: second'],
  ]
  for (const lines of cases) {
    const answer = await ask(...lines)
    assert.match(answer, / 400 [\s\S]*HEADER_TWICE/)
    assert.doesNotMatch(answer, /first|second/, 'nothing of what it said')
  }
  await server.drain()
})
