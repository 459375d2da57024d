import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { Failure, sql } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf, mediaTypes } from '../../oci/index.ts'
import { fillSource, openImports, TARGET } from './import.fixture.ts'

for (const engine of testEngines()) describe(`imports from a source that lies: ${engine.name}`, () => suite(engine))

type Opened = Awaited<ReturnType<typeof openImports>>

/** Failed at once, said why, and left nothing that could be pulled. */
async function failsWith({ tryOnce, look, registry, uploads, store }: Opened, code: string, says: RegExp) {
  assert.equal(await tryOnce(), undefined)
  const one = await look()
  assert.deepEqual([one.state, one.error?.code], ['failed', code], one.error?.says ?? '')
  assert.match(one.error?.says ?? '', says)
  assert.equal(await registry.getManifest(TARGET, 'v1'), undefined)
  assert.equal(await uploads(), 0)
  const held = await store.read.one<{ sealed: string }>(sql`select sealed from registry_import where id = 'imp_1'`)
  assert.equal(held?.sealed, '')
}

const PLAIN = { username: 'robot', password: 'pass-of-the-robot' }

function suite(engine: TestEngine): void {
  test('other bytes under a blob’s digest', async t => {
    const opened = await openImports(t, engine)
    const { blobs } = fillSource(opened.source, 'a')
    const [digest, bytes] = [...blobs].at(0) ?? []
    opened.source.blobs.set(`team/app/${digest}`, Buffer.alloc(bytes?.length ?? 0, 'other'))
    await opened.start({ referrers: false }, PLAIN)
    await failsWith(opened, 'OCI_BYTES_DIFFER', new RegExp(`not ${digest}: its bytes are sha256:`))
  })

  test('a blob that is longer or shorter than its manifest says', async t => {
    for (const more of [-1, 1]) {
      const opened = await openImports(t, engine)
      const { blobs } = fillSource(opened.source, 'a')
      const [digest, bytes] = [...blobs].at(0) ?? []
      const size = (bytes?.length ?? 0) + more
      opened.source.blobs.set(`team/app/${digest}`, Buffer.alloc(size, 'other'))
      await opened.start({ referrers: false }, PLAIN)
      await failsWith(opened, 'OCI_BYTES_DIFFER', new RegExp(`it has ${size} bytes, not ${size - more}`))
    }
  })

  test('another manifest under the digest that was asked for', async t => {
    const opened = await openImports(t, engine)
    const { manifests } = fillSource(opened.source, 'a')
    const [first, second] = manifests.map(one => `team/app@${one.digest}`)
    const other = opened.source.manifests.get(second ?? '')
    assert.ok(other)
    opened.source.manifests.set(first ?? '', other)
    await opened.start({}, PLAIN)
    await failsWith(opened, 'OCI_BYTES_DIFFER', /its bytes are sha256:/)
  })

  test('a blob that is larger than any may be is not even begun', async t => {
    const opened = await openImports(t, engine, { limits: { blobBytes: 10_000 } })
    fillSource(opened.source, 'a')
    await opened.start({}, PLAIN)
    await failsWith(opened, 'IMPORT_BLOB_TOO_LARGE', /has 20000 bytes by its manifest, and 10000 are the most/)
  })

  test('a tag that is not there, and credentials that are not taken', async t => {
    const gone = await openImports(t, engine)
    await gone.start({}, PLAIN)
    await failsWith(gone, 'OCI_UNKNOWN', /does not have it \(manifest 1\.0 of team\/app\)/)
    const closed = await openImports(t, engine, { source: { basic: `Basic ${btoa('robot:another')}` } })
    fillSource(closed.source, 'a')
    await closed.start({}, PLAIN)
    await failsWith(closed, 'OCI_UNAUTHORIZED', /does not accept the credentials/)
  })

  test('the right credentials are taken, and are the source’s alone', async t => {
    const { username, password } = PLAIN
    const opened = await openImports(t, engine, { source: { basic: `Basic ${btoa(`${username}:${password}`)}` } })
    fillSource(opened.source, 'a')
    await opened.start({}, PLAIN)
    assert.equal(await opened.tryOnce(), undefined)
    assert.equal((await opened.look()).state, 'succeeded')
  })

  test('a source that sends the password back tells nobody', async t => {
    const basic = btoa(`${PLAIN.username}:${PLAIN.password}`)
    const errors = [{ code: 'DENIED', message: `you sent ${basic}, which is ${PLAIN.password}` }]
    const host = await serve(t, (path, answer) =>
      path === '/v2/team/app/manifests/1.0' ? answer(403, {}, JSON.stringify({ errors })) : answer(404),
    )
    const opened = await openImports(t, engine)
    await opened.start({ source: { host, repository: 'team/app', tag: '1.0', digest: '', allTags: false } }, PLAIN)
    await failsWith(opened, 'OCI_DENIED', /does not allow it/)
    assert.doesNotMatch(JSON.stringify(await opened.look()), new RegExp(`${basic}|${PLAIN.password}`))
  })

  test('a redirect to an address that is nobody’s business', async t => {
    const location = 'http://169.254.169.254/latest/meta-data/'
    const host = await serve(t, (path, answer) => answer(path.includes('/manifests/') ? 307 : 404, { location }))
    const opened = await openImports(t, engine, { allow: [host] })
    await opened.start({ source: { host, repository: 'team/app', tag: '1.0', digest: '', allTags: false } }, PLAIN)
    await failsWith(opened, 'ADDRESS_REFUSED', /169\.254\.169\.254 leads to a (link-local|metadata) address/)
  })

  test('a source that may not be called', async t => {
    const opened = await openImports(t, engine, { allow: [] })
    await opened.start({}, PLAIN)
    await failsWith(opened, 'ADDRESS_REFUSED', /leads to a loopback address/)
  })

  test('a manifest without an end', async t => {
    const host = await serve(t, (path, answer, endless) => (path.includes('/manifests/') ? endless() : answer(404)))
    const opened = await openImports(t, engine)
    await opened.start({ source: { host, repository: 'team/app', tag: '1.0', digest: '', allTags: false } }, PLAIN)
    await failsWith(opened, 'OCI_PROTOCOL', /an answer is longer than 4194304 bytes/)
  })

  test('an index that leads to itself, or too deep', async t => {
    const opened = await openImports(t, engine)
    const { manifests } = opened.source
    const type = mediaTypes.ociIndex
    let list: object[] = []
    for (let depth = 0; depth < 12; depth++) {
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: list }))
      manifests.set(`team/app@${digestOf(bytes)}`, { bytes, type })
      manifests.set('team/app:1.0', { bytes, type })
      list = [{ mediaType: type, digest: digestOf(bytes), size: bytes.length }]
    }
    await opened.start({}, PLAIN)
    await failsWith(opened, 'MANIFEST_INVALID', /nested deeper than 8 levels/)
  })

  test('429 with Retry-After: waited for within the try where it is short, else the next try waits', async t => {
    const limited = (method: string, { pathname }: URL, seen: number) =>
      method === 'GET' && pathname.includes('/blobs/') && seen % 4 === 0
        ? { status: 429, headers: { 'retry-after': '1' } }
        : undefined
    const patient = await openImports(t, engine, { source: { fault: limited } })
    fillSource(patient.source, 'a')
    await patient.start({ referrers: false })
    assert.equal(await patient.tryOnce(), undefined)
    assert.equal((await patient.look()).state, 'succeeded')

    const headers = { 'retry-after': '300' }
    const busy = await openImports(t, engine, { source: { fault: () => ({ status: 429, headers }) } })
    await busy.start()
    const again = await busy.tryOnce()
    assert.ok(again instanceof Failure)
    assert.deepEqual([again.code, again.detail.retryAfterMs], ['OCI_TOO_MANY', 300_000])
    assert.deepEqual([(await busy.look()).state, busy.source.log.length], ['waiting', 1])
  })
}

type Answer = (status: number, headers?: Record<string, string>, body?: string) => void

/** A server of the test's own, closed after it. */
async function serve(t: TestContext, on: (path: string, answer: Answer, endless: () => void) => void): Promise<string> {
  const server = createServer((request, response) => {
    const answer: Answer = (status, headers = {}, body = '') => response.writeHead(status, headers).end(body)
    const endless = () => {
      response.writeHead(200, { 'content-type': mediaTypes.ociManifest })
      const more = (error?: Error | null) => error || response.write(Buffer.alloc(65_536, ' '), more)
      more()
    }
    if (request.method === 'HEAD') answer(405)
    else on(request.url ?? '', answer, endless)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
