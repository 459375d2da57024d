import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { selfSigned } from '../kernel/http/certificate.fixture.ts'
import { testProxy } from '../kernel/http/proxy.fixture.ts'
import { Failure, systemClock } from '../kernel/index.ts'
import { type Environment, type ModelSettings, openModel } from './index.ts'
import { modelServer } from './testing/model-server.fixture.ts'

const limit = { timeout: 20_000 }
const dir = mkdtempSync(join(tmpdir(), 'towpath-models-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const pair = selfSigned('gateway')
const ca = join(dir, 'ca.pem')
writeFileSync(ca, pair.cert)
const answer = () => ({ pieces: ['told'] })

async function told(settings: Partial<ModelSettings> & { url: string }, env: Environment = {}): Promise<string> {
  const model = openModel({ kind: 'openai', model: 'm', ...settings }, { clock: systemClock('test'), env })
  try {
    let text = ''
    const messages = [{ role: 'user', text: 'Why?' }] as const
    for await (const event of model.stream({ system: '', messages })) text += 'text' in event ? event.text : ''
    return text
  } finally {
    model.close()
  }
}

async function failureOf(answered: Promise<string>): Promise<Failure> {
  const error = await answered.then(
    () => undefined,
    thrown => thrown,
  )
  assert.ok(error instanceof Failure, inspect(error))
  return error
}

test('a gateway with a certificate of an authority of its own', limit, async t => {
  const server = await modelServer(answer, pair)
  t.after(() => server.close())
  assert.equal(await told({ url: server.url, ca }), 'told')
  const untrusted = await failureOf(told({ url: server.url }))
  assert.equal(untrusted.code, 'MODEL_UNREACHABLE')
  assert.match(untrusted.next, /"ca" of the model/)
  assert.match((await failureOf(told({ url: server.url, ca: join(dir, 'none.pem') }))).message, /ENOENT/)
  assert.equal(server.seen.length, 1)
})

test('through the proxy of the settings, with its password by reference', limit, async t => {
  const server = await modelServer(answer, pair)
  const proxy = await testProxy({ user: 'joe:pr0xy-pass' })
  t.after(() => {
    proxy.close()
    return server.close()
  })
  const url = server.url
  assert.equal(await told({ url, ca, proxy: 'env:PROXY' }, { PROXY: proxy.url, NO_PROXY: '*' }), 'told')
  assert.deepEqual(proxy.seen, [`CONNECT localhost:${server.port}`])
  const refused = await failureOf(told({ url, ca, proxy: `http://127.0.0.1:${proxy.port}` }))
  assert.match(refused.message, /the proxy answered 407/)
  assert.match(refused.next, /user and password of the proxy/)
  const wrong = await failureOf(told({ url, ca, proxy: 'env:PROXY' }, { PROXY: 'joe:pr0xy-pass@proxy' }))
  assert.doesNotMatch(inspect(wrong, { depth: 9 }), /pr0xy-pass/)
})

test('through the proxies of the environment, but not to this machine nor to what is excepted', limit, async t => {
  const server = await modelServer(answer)
  const proxy = await testProxy()
  t.after(() => {
    proxy.close()
    return server.close()
  })
  const env = { http_proxy: proxy.url, HTTPS_PROXY: 'http://127.0.0.1:1' }
  assert.equal(await told({ url: `http://models.example:${server.port}/v1` }, env), 'told')
  assert.deepEqual(proxy.seen, [`POST http://models.example:${server.port}/v1/chat/completions`])
  assert.equal(await told({ url: server.url }, env), 'told')
  assert.equal(await told({ url: `http://127.0.0.1:${server.port}` }, env), 'told')
  assert.equal(proxy.seen.length, 1)
  const direct = await failureOf(
    told({ url: `http://models.example:${server.port}` }, { ...env, NO_PROXY: '.example' }),
  )
  assert.equal(direct.code, 'MODEL_UNREACHABLE')
  assert.equal(proxy.seen.length, 1)
})

test('a host that is not there, and addresses that give out keys of machines', limit, async () => {
  assert.match((await failureOf(told({ url: 'http://127.0.0.1:1' }))).message, /127\.0\.0\.1:1 cannot be reached/)
  assert.equal((await failureOf(told({ url: 'http://169.254.169.254' }))).code, 'ADDRESS_REFUSED')
})
