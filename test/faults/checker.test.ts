import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { Wire } from '../peers/support/client.ts'
import { sha256 } from '../peers/support/digest.ts'
import { check } from './checker.ts'
import { Ledger } from './ledger.ts'

// A checker that finds nothing proves nothing, unless it finds what was planted.

const layer = Buffer.from('cargo')
const manifest = JSON.stringify({ schemaVersion: 2, layers: [{ digest: sha256(layer), size: layer.length }] })
const second = JSON.stringify({ schemaVersion: 2, layers: [] })
const paths = {
  blob: `/v2/a/blobs/${sha256(layer)}`,
  manifest: `/v2/a/manifests/${sha256(manifest)}`,
  tag: '/v2/a/manifests/v1',
}

let server: Server
let wire: Wire
let served: Map<string, string | Buffer>
let ledger: Ledger

before(async () => {
  server = createServer((request, response) => {
    const body = served.get(request.url ?? '')
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  wire = new Wire(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
after(() => server.close())
beforeEach(() => {
  served = new Map<string, string | Buffer>([
    [paths.blob, layer],
    [paths.manifest, manifest],
    [paths.tag, manifest],
    ['/v2/a/tags/list', JSON.stringify({ name: 'a', tags: ['v1'] })],
  ])
  ledger = new Ledger()
  ledger.begin(paths.blob, sha256(layer))()
  ledger.begin(paths.manifest, sha256(manifest))()
  ledger.begin(paths.tag, sha256(manifest))()
})

test('finds nothing where all that was acknowledged is served', async () => {
  assert.deepEqual(await check(wire, ledger), [])
})

test('finds a lost blob, and every manifest that is half served without it', async () => {
  served.delete(paths.blob)
  const findings = await check(wire, ledger)
  assert.equal(findings.length, 3)
  assert.ok(findings.some(line => line.startsWith(`${paths.blob}: serves nothing`)))
  assert.ok(findings.some(line => line.startsWith(`${paths.tag}: is served, and its`)))
})

test('finds a changed byte', async () => {
  served.set(paths.blob, 'CARGO')
  assert.ok((await check(wire, ledger)).some(line => line.includes('serves bytes that are not it')))
})

test('finds a lost manifest, a lost tag and a tag that is listed but gone', async () => {
  served.delete(paths.manifest)
  served.delete(paths.tag)
  const findings = await check(wire, ledger)
  assert.ok(findings.some(line => line.startsWith(`${paths.manifest}: serves nothing`)))
  assert.ok(findings.some(line => line.startsWith(`${paths.tag}: serves nothing`)))

  ledger.begin(paths.tag, undefined)()
  assert.ok((await check(wire, ledger)).some(line => line.includes('tag v1 is listed and gone')))
})

test('finds a tag that went back to what an acknowledged push replaced', async () => {
  const replace = ledger.begin(paths.tag, sha256(second))
  assert.deepEqual(await check(wire, ledger, []), [], 'not acknowledged: either may be served')
  replace()
  assert.ok((await check(wire, ledger)).some(line => line.startsWith(`${paths.tag}: serves ${sha256(manifest)}`)))
})

test('finds a tag that is served and not listed', async () => {
  served.set('/v2/a/tags/list', JSON.stringify({ name: 'a', tags: [] }))
  assert.deepEqual(await check(wire, ledger), ['/v2/a: tag v1 is not listed'])
})

test('finds a deleted manifest that came back', async () => {
  ledger.begin(paths.manifest, undefined)()
  assert.ok((await check(wire, ledger)).some(line => line.startsWith(`${paths.manifest}: serves`)))
})

test('what nobody answered may be there or not, until somebody saw it', async () => {
  const path = '/v2/a/blobs/sha256:unanswered'
  const value = sha256('x')
  ledger.begin(path, value)
  assert.deepEqual(ledger.possible(path), new Set([undefined, value]))
  ledger.settle(path, value)
  assert.deepEqual(ledger.possible(path), new Set([value]))
})

test('a blob without a manifest may be collected once its time has come, one with a manifest never', () => {
  const here = new Set([sha256(layer)])
  const either = new Set([sha256(layer), undefined])
  ledger.await(paths.blob, performance.now() + 60_000)
  assert.deepEqual(ledger.possible(paths.blob), here)
  ledger.await(paths.blob, performance.now())
  assert.deepEqual(ledger.possible(paths.blob), either)
  ledger.keep([paths.blob])
  ledger.await(paths.blob, performance.now())
  assert.deepEqual(ledger.possible(paths.blob), here)
  ledger.release(paths.blob)
  assert.deepEqual(ledger.possible(paths.blob), either)
})

test('a blob whose push was seen and never answered may be collected all the same', () => {
  const path = '/v2/a/blobs/sha256:unheard'
  const value = sha256('y')
  ledger.mayFade(path, performance.now())
  ledger.begin(path, value)
  ledger.settle(path, value)
  assert.deepEqual(ledger.possible(path), new Set([value, undefined]))
  ledger.await(path, performance.now() + 60_000)
  ledger.mayFade(path, performance.now())
  assert.deepEqual(ledger.possible(path), new Set([value]), 'a later push does not shorten the time of the first')
})
