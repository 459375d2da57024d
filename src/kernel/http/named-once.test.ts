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

test('where a body ends is said once: what a proxy takes for a body is no request here', {
  timeout: 10_000,
}, async () => {
  const asked: string[] = []
  const server = await testServer((req, res) => {
    asked.push(req.url ?? '')
    req.resume()
    res.end()
  })
  const inner = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
  const lengths = [
    ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', `Content-Length: ${inner.length + 5}`],
    ['Content-Length: 0', `Content-Length: ${inner.length}`],
    [`Content-Length: 0, ${inner.length}`],
    ['Transfer-Encoding: chunked, identity'],
    ['Transfer-Encoding : chunked'],
    ['Content-Length: +0'],
    ['X: a\rTransfer-Encoding: chunked'],
  ]
  for (const lines of lengths) {
    const head = ['POST /outer HTTP/1.1', 'Host: x', ...lines].join('\r\n')
    assert.match(await rawClient(server.port, `${head}\r\n\r\n0\r\n\r\n${inner}`).ended, / 400 /, lines.join(', '))
  }
  assert.ok(!asked.includes('/smuggled'))
  await server.drain()
})
