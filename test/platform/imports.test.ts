import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Import } from '../../src/api/index.ts'
import { digestOf, mediaTypes } from '../../src/oci/index.ts'
import { sampleContent } from '../../src/oci/testing/content.fixture.ts'
import { runTowpath, towpathDone } from '../support/command.ts'
import { freePorts, type Platform, PROGRAM, startPlatform } from '../support/platform.ts'
import { Receiver } from '../support/receiver.ts'
import { SlowProxy } from '../support/slow-proxy.ts'

const IMPORTS = '/api/v1/registries/default/imports'
const MIB = 1024 * 1024

let platform: Platform
/** A registry of its own on the same platform: what is imported comes from there. */
let upstream = ''
let proxy: SlowProxy
let receiver: Receiver
let password = ''
const content = sampleContent('platform')

before(async () => {
  const ports = await freePorts()
  upstream = `localhost:${ports.registry}`
  const { control } = await freePorts()
  proxy = new SlowProxy(control, upstream)
  receiver = new Receiver(control + 1)
  await Promise.all([proxy.start(), receiver.start()])
  const allow = { TOWPATH_OUTBOUND_ALLOW_0: proxy.host, TOWPATH_OUTBOUND_ALLOW_1: upstream }
  const hears = { TOWPATH_OUTBOUND_ALLOW_2: `127.0.0.1:${receiver.port}` }
  // One node: where two are, the other one may take an import over, and begins what lies half on the first one's disk.
  platform = await startPlatform({ ports, env: { TOWPATH_REGIONS_0_NODES: '1', ...allow, ...hears } })
  await platform.make('/api/v1/registries', { name: 'upstream', hosts: [upstream] })
  const hook = { name: 'imports', serviceUri: receiver.url, actions: ['push'] }
  await platform.make('/api/v1/registries/default/webhooks', { ...hook, scope: 'mirror/app:*' })
  const token = ['token', 'create', 'puller', '-r', 'upstream', '--repository', '*', 'content/read', '-o', 'json']
  const made = JSON.parse(await towpathDone(platform, token)) as { passwords: { value: string }[] }
  password = made.passwords[0]?.value ?? ''
  await until('the upstream registry', async () => (await put('team/app', 'v1')).every(Boolean))
  for (const tag of ['v2', 'v3']) await putManifest('team/app', tag, content.root.bytes, content.root.mediaType)
})
after(async () => {
  await platform?.stop()
  await proxy?.stop()
  await receiver?.stop()
})

async function until<T>(what: string, look: () => Promise<T | undefined | false>, tries = 1200): Promise<T> {
  for (let i = 0; i < tries; i++) {
    const found = await look()
    if (found) return found
    await sleep(50)
  }
  throw new Error(`It did not come to: ${what}\n${platform.output().stderr.slice(-3000)}`)
}

function at(host: string, method: string, path: string, body?: Uint8Array, type = 'application/octet-stream') {
  const authorization = `Basic ${btoa(`admin:${platform.adminPassword}`)}`
  const headers = { authorization, 'content-type': type }
  return fetch(`http://${host}${path}`, { method, headers, ...(body ? { body: Buffer.from(body) } : {}) })
}

async function putManifest(repository: string, name: string, bytes: Uint8Array, type: string): Promise<boolean> {
  return (await at(upstream, 'PUT', `/v2/${repository}/manifests/${name}`, bytes, type)).status === 201
}

async function putBlob(repository: string, bytes: Uint8Array): Promise<boolean> {
  const path = `/v2/${repository}/blobs/uploads/?digest=${digestOf(bytes)}`
  return (await at(upstream, 'POST', path, bytes)).status === 201
}

/** The index, its platforms and its signature. */
async function put(repository: string, tag: string): Promise<boolean[]> {
  const done: boolean[] = []
  for (const bytes of content.blobs.values()) done.push(await putBlob(repository, bytes))
  for (const { bytes, mediaType, digest } of [...content.manifests, content.signature]) {
    done.push(await putManifest(repository, digest === content.root.digest ? tag : digest, bytes, mediaType))
  }
  return done
}

/** As `v1`; the config's digest. */
async function putImage(repository: string, config: string, layers: Buffer[] = []): Promise<string> {
  for (const bytes of [Buffer.from(config), ...layers]) assert.ok(await putBlob(repository, bytes))
  const described = (mediaType: string, bytes: Uint8Array) => ({
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
  })
  const mediaType = mediaTypes.ociManifest
  const parts = {
    config: described(mediaTypes.ociConfig, Buffer.from(config)),
    layers: layers.map(layer => described(mediaTypes.ociLayer, layer)),
  }
  const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...parts }))
  assert.ok(await putManifest(repository, 'v1', manifest, mediaType))
  return digestOf(config)
}

const show = (id: string) => platform.make<Import>(`${IMPORTS}/${id}`, undefined, 'GET')
const towpath = (...args: string[]) => runTowpath(platform, args)

test('by tag with credentials: the index, its platforms and its signature; tags are not taken, then moved by force', async () => {
  const source = ['--source', `${upstream}/team/app:v1`, '--username', 'puller', '--password-stdin']
  const ran = await runTowpath(platform, ['import', ...source, '-t', 'mirror/app:v1', '-o', 'json'], {
    input: password,
  })
  assert.equal(ran.code, 0, ran.stderr)
  assert.match(ran.stderr, /^Import imp_\w+: localhost:\d+\/team\/app:v1 to mirror\/app$/m)
  const done = JSON.parse(ran.stdout) as Import
  assert.deepEqual([done.state, done.digest, done.askedBy.id], ['succeeded', content.root.digest, 'prn_admin'])
  assert.deepEqual(done.progress.manifests, { done: 4, total: 4 })

  for (const one of [...content.manifests, content.signature]) {
    const answer = await at(platform.registry, 'GET', `/v2/mirror/app/manifests/${one.digest}`)
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(one.bytes), one.digest)
  }
  for (const [digest, bytes] of content.blobs) {
    const answer = await at(platform.registry, 'GET', `/v2/mirror/app/blobs/${digest}`)
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(bytes), digest)
  }
  const referrers = await at(platform.registry, 'GET', `/v2/mirror/app/referrers/${content.root.digest}`)
  const { manifests } = (await referrers.json()) as { manifests: { artifactType: string }[] }
  assert.deepEqual(
    manifests.map(one => one.artifactType),
    ['example/signature'],
  )

  await putImage('team/other', '{}')
  const other = ['import', '--source', `${upstream}/team/other:v1`, '-t', 'mirror/app:v1']
  const refused = await towpath(...other, '--username', 'puller')
  assert.equal(refused.code, 2, 'a user name alone is no credential')
  const taken = await runTowpath(platform, [...other, ...source.slice(2)], { input: password })
  assert.deepEqual([taken.code, /mirror\/app here: v1/.test(taken.stderr)], [5, true], taken.stderr)
  const forced = await runTowpath(platform, [...other, ...source.slice(2), '--force'], { input: password })
  assert.equal(forced.code, 0, forced.stderr)

  const denied = await runTowpath(platform, [...other, ...source.slice(2)], { input: 'wrong-password-of-the-robot' })
  assert.deepEqual([denied.code, /does not accept the credentials/.test(denied.stderr)], [3, true], denied.stderr)
  const listed = await platform.make<{ imports: Import[] }>(IMPORTS, undefined, 'GET')
  assert.deepEqual(
    listed.imports.map(one => one.state),
    ['failed', 'succeeded', 'failed', 'succeeded'],
  )
  const told = JSON.stringify([listed, await platform.make('/api/v1/audit?region=home', undefined, 'GET')])
  const { stdout, stderr } = platform.output()
  for (const secret of [password, 'wrong-password-of-the-robot']) {
    assert.ok(!(told + stdout + stderr).includes(secret), 'a password is told')
    for (const file of ['control/control.sqlite', 'regions/home/region.sqlite', 'regions/home/region.sqlite-wal']) {
      assert.ok(!readFileSync(join(platform.home, file)).includes(secret), `a password is in ${file}`)
    }
  }
})

test('the audit has each manifest under who asked, and webhooks hear of each as of a push', async () => {
  const { records } = await platform.make<{ records: Record<string, unknown>[] }>(
    '/api/v1/audit?region=home&limit=100',
    undefined,
    'GET',
  )
  const words = JSON.stringify(records)
  for (const { digest } of [...content.manifests, content.signature]) assert.ok(words.includes(digest), digest)
  const own = records.filter(one => JSON.stringify(one).includes('/repositories/mirror/app'))
  assert.equal(own.length, 4 + 4 + 1, 'four imports, the four manifests of the first, and the one of the third')
  assert.ok(own.every(one => JSON.stringify(one).includes('"prn_admin"')))
  const heard = () =>
    receiver.accepted.map(({ body }) => (JSON.parse(body) as { target: { digest: string } }).target.digest)
  const all = [...content.manifests, content.signature].map(one => one.digest)
  await until('the events', async () => all.every(digest => heard().includes(digest)))
  assert.deepEqual(heard().slice(0, 4), all, 'in the order in which they came')
})

test('a whole repository, tag by tag; again it brings nothing and nobody is told', async () => {
  const args = ['import', '--source', `${upstream}/team/app`, '--all-tags', '--repository', 'mirror/all', '-o', 'json']
  const first = await runTowpath(platform, [...args, '--username', 'puller', '--password-stdin'], { input: password })
  assert.equal(first.code, 0, first.stderr)
  const done = JSON.parse(first.stdout) as Import
  // Its blobs are in another repository, which who asked may read.
  assert.deepEqual([done.progress.tags, done.progress.fetched], [3, 0])
  const tags = await (await at(platform.registry, 'GET', '/v2/mirror/all/tags/list')).json()
  assert.deepEqual((tags as { tags: string[] }).tags, ['v1', 'v2', 'v3'])
  assert.match(await towpathDone(platform, ['import', 'list']), /^ID +STATE +SOURCE +REPOSITORY/)
})

test('the region is killed in the middle of a large blob: it goes on there, and fetches nothing that is whole again', async () => {
  const small = Buffer.from('a small layer')
  const large = randomBytes(32 * MIB)
  await putImage('team/large', '{}', [small, large])
  await platform.make('/api/v1/registries/upstream', { anonymousPull: true }, 'PATCH')
  await until('pulls by anybody', async () => (await fetch(`http://${upstream}/v2/team/large/tags/list`)).ok)

  proxy.hold = { path: digestOf(large), bytes: 20 * MIB }
  proxy.given.clear()
  const body = { source: `${proxy.host}/team/large:v1`, repository: 'mirror/large' }
  const { id } = await platform.make<Import>(IMPORTS, body)
  const path = `/v2/team/large/blobs/${digestOf(large)}`
  await until('the middle of the blob', async () => (await show(id)).progress.bytes.done > 19 * MIB)
  await platform.kill9('region home 0')
  proxy.hold = undefined
  proxy.ranges.length = 0
  const done = await until('the end', async () => {
    const one = await platform.api(`${IMPORTS}/${id}`).then(answer => (answer.ok ? answer.json() : undefined))
    return (one as Import | undefined)?.endedAt ? (one as Import) : undefined
  })
  assert.deepEqual([done.state, done.error], ['succeeded', null])
  const pulled = await at(platform.registry, 'GET', `/v2/mirror/large/blobs/${digestOf(large)}`)
  assert.ok(Buffer.from(await pulled.arrayBuffer()).equals(large))
  // What was not on the disk yet of the first 20 MiB is fetched twice: 2 MiB at most, and what was under way.
  const given = proxy.given.get(path) ?? 0
  assert.ok(given <= large.length + 4 * MIB, `${given} bytes of ${large.length} were given`)
  assert.equal(proxy.given.get(`/v2/team/large/blobs/${digestOf(small)}`), small.length)
  assert.match(proxy.ranges.join(), /^bytes=\d{7,}-$/)
})

test('Ctrl-C leaves it running and says how to look; cancel ends it', async () => {
  const config = await putImage('team/held', '{"held":1}')
  proxy.hold = { path: config, bytes: 1 }
  const admin = { TOWPATH_SERVER: platform.control, TOWPATH_PASSWORD: platform.adminPassword }
  const args = ['import', '--source', `${proxy.host}/team/held:v1`, '-t', 'held/app:v1', '--no-referrers']
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...platform.env, ...admin } })
  child.stdin.end()
  const said = text(child.stderr)
  const { imports } = await until('the import', async () => {
    const found = await platform.make<{ imports: Import[] }>(IMPORTS, undefined, 'GET')
    return found.imports[0]?.repository === 'held/app' ? found : undefined
  })
  const id = imports[0]?.id ?? ''
  await until('its first byte', async () => (await show(id)).progress.bytes.done > 0)
  child.kill('SIGINT')
  const [code] = (await once(child, 'close')) as [number]
  assert.equal(code, 130)
  assert.match(await said, new RegExp(`It goes on\\. Look: towpath import show ${id}`))
  const canceled = await towpath('import', 'cancel', id, '-o', 'json')
  assert.equal(canceled.code, 0, canceled.stderr)
  assert.match(await towpathDone(platform, ['import', 'show', id]), /\n\w+ +canceled /)
  const gone = await at(platform.registry, 'GET', '/v2/held/app/manifests/v1')
  assert.equal(gone.status, 404)
  const unknown = await towpath('import', 'show', 'imp_nothing')
  assert.deepEqual([unknown.code, /There is no import imp_nothing/.test(unknown.stderr)], [4, true])
})

test('what names no source, or two targets, is refused before anything is begun', async () => {
  const ask = async (body: object) => {
    const answer = await platform.api(IMPORTS, { method: 'POST', body })
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  assert.deepEqual(await ask({ source: 'nginx' }), [400, 'REFERENCE_INVALID'])
  assert.deepEqual(await ask({ source: 'r.example/a:v1', allTags: true }), [400, 'IMPORT_ALL_OR_ONE'])
  assert.deepEqual(await ask({ source: 'r.example/a', allTags: true, tags: ['b'] }), [400, 'IMPORT_TAGS_KEEP_NAMES'])
  assert.deepEqual(await ask({ source: 'r.example/a:v1', repository: 'UPPER' }), [400, 'NAME_INVALID'])
  assert.deepEqual(await ask({ source: 'r.example/a:v1', tags: ['a b'] }), [400, 'TAG_INVALID'])
  assert.deepEqual(await ask({ source: 'r.example/a:v1', username: 'x' }), [400, 'REQUEST_INVALID'])
  const { id } = await platform.make<Import>(IMPORTS, { source: '10.0.0.1/a:v1' })
  const refused = await until('the refusal', async () => {
    const one = await show(id)
    return one.endedAt ? one : undefined
  })
  assert.equal(refused.error?.code, 'ADDRESS_REFUSED')
})
