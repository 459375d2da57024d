import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HostMalformed, parseHost } from '../host.ts'
import { challenge } from './challenge.ts'

test('the realm is the host that was called, by the scheme it was called with', () => {
  assert.equal(
    challenge({ host: 'LOCALHOST:5000', tls: false, scope: 'repository:a/b:pull,push' }),
    'Bearer realm="http://localhost:5000/oauth2/token",service="localhost:5000",scope="repository:a/b:pull,push"',
  )
  assert.equal(
    challenge({ host: 'r.example', tls: true, error: 'insufficient_scope' }),
    'Bearer realm="https://r.example/oauth2/token",service="r.example",scope="registry:catalog:*",error="insufficient_scope"',
  )
})

test('hosts are names and addresses with or without a port, and nothing else', () => {
  for (const host of ['localhost', '127.0.0.1:5000', '[::1]:5000', 'a.b-c.example:1', 'my_host'])
    assert.equal(parseHost(host), host)
  const bad = [
    '',
    'a b',
    'a"b',
    'a/b',
    'user@host',
    'a:b',
    'a:123456',
    '-a',
    'a\r\nx: y',
    '[::1',
    'x'.repeat(300),
    undefined,
  ]
  for (const host of bad) assert.equal(parseHost(host), undefined)
})

test('no host and no scope can break out of the header', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'binary' }), (host, scope) => {
      try {
        assert.match(
          challenge({ host, tls: false, scope }),
          /^Bearer realm="http:\/\/[^"\\\r\n]+\/oauth2\/token",service="[^"\\\r\n]+",scope="[\x20-\x7e]*"$/,
        )
        assert.equal(challenge({ host, tls: false, scope }).split('"').length, 7)
      } catch (error) {
        assert.equal((error as { code?: string }).code, HostMalformed.code)
      }
    }),
  )
})
