import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queryAudit } from '../../audit/index.ts'
import { tokenOf } from '../../identity/tokens/tokens.fixture.ts'
import { systemClock } from '../../kernel/index.ts'
import { type Digest, digestOf, mediaTypes } from '../../oci/index.ts'
import { imageBytes, pushBlob, repo, TESTER } from '../registry.fixture.ts'
import { serveRegistry } from './data-plane.fixture.ts'

const app = repo('team/app')
const OPEN = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true }
const CONFIG = digestOf('{}')
const ACR = '/acr/v1/team/app'

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
type Json = any
const bodyOf = (answer: Response): Promise<Json> => answer.json()

async function openApp(t: Parameters<typeof serveRegistry>[0], options: Parameters<typeof serveRegistry>[1] = {}) {
  const serving = await serveRegistry(t, options)
  const { call, registry } = serving
  await pushBlob(registry, app, '{}')
  const push = async (tag: string, note: string): Promise<Digest> =>
    (await registry.putManifest(app, { bytes: imageBytes({ config: CONFIG, note }), tags: [tag] }, TESTER)).digest
  const digest = await push('v1', 'one')
  const patch = (path: string, set: object) => call(`${ACR}${path}`, { method: 'PATCH', body: JSON.stringify(set) })
  const ask = async (method: string, path: string, body?: string | Buffer) => {
    const headers = { 'content-type': mediaTypes.ociManifest }
    const answer = await call(path, { method, ...(body === undefined ? {} : { body, headers }) })
    const text = await answer.text()
    return answer.status >= 400 && method !== 'HEAD' ? [answer.status, JSON.parse(text).errors[0].code] : answer.status
  }
  return { ...serving, push, digest, patch, ask }
}
const LOCKED = [405, 'REGISTRY_DISALLOWED_OPERATION']
const image = (note: string) => imageBytes({ config: CONFIG, note })

test('each of the four is set alone, on repository, tag and manifest apart, and answered as ACR does', async t => {
  const { patch, call, digest } = await openApp(t)
  const read = async (path: string) => bodyOf(await call(`${ACR}${path}`))
  for (const [path, shape] of [
    ['', (body: Json) => body],
    ['/_tags/v1', (body: Json) => body.tag],
    [`/_manifests/${digest}`, (body: Json) => body.manifest],
  ] as const) {
    const first = await patch(path, { writeEnabled: false })
    assert.equal(first.status, 200)
    const told = await bodyOf(first)
    assert.deepEqual(shape(told).changeableAttributes, { ...OPEN, writeEnabled: false })
    await patch(path, { deleteEnabled: false, listEnabled: true })
    const both = { ...OPEN, writeEnabled: false, deleteEnabled: false }
    assert.deepEqual(shape(await read(path)).changeableAttributes, both)
    const unlocked = await bodyOf(await patch(path, { writeEnabled: true, deleteEnabled: true }))
    assert.deepEqual(shape(unlocked).changeableAttributes, OPEN)
    assert.deepEqual(shape(await bodyOf(await patch(path, {}))).changeableAttributes, OPEN)
  }
  await patch('/_tags/v1', { deleteEnabled: false })
  assert.equal((await read('/_tags')).tags[0].changeableAttributes.deleteEnabled, false)
  assert.deepEqual((await read('/_manifests')).manifests[0].changeableAttributes, OPEN)
  assert.deepEqual((await read('')).changeableAttributes, OPEN)
})

test('a tag that must not be written is not moved and not deleted, one that must not be deleted may be moved', async t => {
  const { patch, ask, digest, registry } = await openApp(t)
  await patch('/_tags/v1', { writeEnabled: false })
  assert.deepEqual(await ask('PUT', '/v2/team/app/manifests/v1', image('two')), LOCKED)
  assert.deepEqual(await ask('PUT', `/v2/team/app/manifests/${digestOf(image('two'))}?tag=v1`, image('two')), LOCKED)
  assert.deepEqual(await ask('DELETE', '/v2/team/app/manifests/v1'), LOCKED)
  assert.deepEqual(await ask('DELETE', `${ACR}/_tags/v1`), LOCKED)
  assert.deepEqual(await ask('DELETE', `/v2/team/app/manifests/${digest}`), LOCKED, 'its tag would go with it')
  assert.deepEqual(await ask('DELETE', ACR), LOCKED)
  assert.equal((await registry.getManifest(app, 'v1'))?.digest, digest)
  assert.equal(await registry.getManifest(app, digestOf(image('two'))), undefined, 'all of a push or nothing')
  assert.equal(await ask('PUT', '/v2/team/app/manifests/v2', image('two')), 201, 'another tag')
  await patch('/_tags/v1', { writeEnabled: true, deleteEnabled: false })
  assert.deepEqual(await ask('DELETE', `${ACR}/_tags/v1`), LOCKED)
  assert.equal(await ask('PUT', '/v2/team/app/manifests/v1', image('two')), 201)
  await patch('/_tags/v1', { deleteEnabled: true })
  assert.equal(await ask('DELETE', `${ACR}/_tags/v1`), 202)
  assert.deepEqual(await ask('DELETE', `${ACR}/_tags/v1`), [404, 'TAG_UNKNOWN'])
  assert.equal(await ask('GET', `/v2/team/app/manifests/${digest}`), 200, 'untagged, not deleted')
})

test('a manifest that must not be written or deleted stays, while its tags may move', async t => {
  const { patch, ask, digest } = await openApp(t)
  for (const set of [{ writeEnabled: false }, { deleteEnabled: false, writeEnabled: true }]) {
    await patch(`/_manifests/${digest}`, set)
    assert.deepEqual(await ask('DELETE', `/v2/team/app/manifests/${digest}`), LOCKED)
    assert.deepEqual(await ask('DELETE', ACR), LOCKED)
  }
  assert.equal(await ask('PUT', '/v2/team/app/manifests/v1', image('two')), 201)
  assert.equal(await ask('PUT', '/v2/team/app/manifests/again', image('one')), 201)
  assert.equal(await ask('GET', `/v2/team/app/manifests/${digest}`), 200)
})

test('into a repository that must not be written nothing is pushed, and from it nothing is deleted', async t => {
  const { patch, ask, digest, call, registry } = await openApp(t)
  await pushBlob(registry, repo('other'), 'layer')
  const begun = await call('/v2/team/app/blobs/uploads/', { method: 'POST' })
  const upload = begun.headers.get('location')
  await patch('', { writeEnabled: false })
  const layer = digestOf('layer')
  assert.deepEqual(await ask('POST', '/v2/team/app/blobs/uploads/'), LOCKED)
  assert.deepEqual(await ask('POST', `/v2/team/app/blobs/uploads/?digest=${layer}`, 'layer'), LOCKED)
  assert.deepEqual(await ask('POST', `/v2/team/app/blobs/uploads/?mount=${layer}&from=other`), LOCKED)
  assert.deepEqual(await ask('PUT', `${upload}?digest=${layer}`, 'layer'), LOCKED, 'one that was begun before')
  assert.deepEqual(await ask('PUT', '/v2/team/app/manifests/v2', image('two')), LOCKED)
  assert.deepEqual(await ask('PUT', `/v2/team/app/manifests/${digest}`, image('one')), LOCKED)
  const deletions = [ACR, `${ACR}/_tags/v1`, `/v2/team/app/manifests/${digest}`, `/v2/team/app/blobs/${CONFIG}`]
  for (const path of deletions) assert.deepEqual(await ask('DELETE', path), LOCKED, path)
  await patch('', { writeEnabled: true, deleteEnabled: false })
  for (const path of deletions) assert.deepEqual(await ask('DELETE', path), LOCKED, path)
  assert.equal(await ask('PUT', '/v2/team/app/manifests/v2', image('two')), 201)
  assert.equal((await call(`/v2/team/app/manifests/v1`)).status, 200)
})

test('what must not be read is not pulled, by any of its names, while the rest is', async t => {
  const { patch, ask, digest, push, registry } = await openApp(t)
  const other = await push('v2', 'two')
  await push('same', 'one')
  const pulls = async (...paths: string[]) =>
    Promise.all(paths.map(async path => [await ask('HEAD', path), await ask('GET', path)]))
  const [v1, same, v2] = ['v1', 'same', 'v2'].map(tag => `/v2/team/app/manifests/${tag}`) as [string, string, string]
  const one = `/v2/team/app/manifests/${digest}`
  const blob = `/v2/team/app/blobs/${CONFIG}`
  const shut = [405, LOCKED]
  const open = [200, 200]
  assert.deepEqual(await pulls(v1, same, one, v2, blob), [open, open, open, open, open])
  await patch('/_tags/v1', { readEnabled: false })
  assert.deepEqual(await pulls(v1, same, one, v2, blob), [shut, open, open, open, open])
  await patch('/_tags/v1', { readEnabled: true })
  await patch(`/_manifests/${digest}`, { readEnabled: false })
  assert.deepEqual(await pulls(v1, same, one, v2, blob), [shut, shut, shut, open, open])
  assert.equal(await ask('GET', `${ACR}/_manifests/${digest}`), 200, 'what it is may be asked')
  await patch('', { readEnabled: false })
  assert.deepEqual(await pulls(v2, `/v2/team/app/manifests/${other}`, blob), [shut, shut, shut])
  assert.equal(await registry.mountBlob(repo('thief'), 'team/app', CONFIG, () => true), false)
  assert.equal(await ask('GET', '/v2/team/app/tags/list'), 200)
  await patch('', { readEnabled: true })
  await patch(`/_manifests/${digest}`, { readEnabled: true })
  assert.deepEqual(await pulls(v1, same, one, v2, blob), [open, open, open, open, open])
})

test('what must not be listed is in no list, and is there for who knows its name', async t => {
  const { patch, call, ask, digest, push, registry } = await openApp(t)
  const other = await push('v2', 'two')
  const signature = imageBytes({ config: CONFIG, subject: digest, artifactType: 'a/b' })
  const { digest: signed } = await registry.putManifest(app, { bytes: signature, tags: [] }, TESTER)
  await pushBlob(registry, repo('z'), '{}')
  const list = async (path: string, pick: (body: Json) => unknown) => pick(await bodyOf(await call(path)))
  await patch('/_tags/v1', { listEnabled: false })
  await patch(`/_manifests/${other}`, { listEnabled: false })
  await patch(`/_manifests/${signed}`, { listEnabled: false })
  const tagsOf = (body: Json) => body.tags.map((tag: Json) => tag.name)
  assert.deepEqual(await list('/v2/team/app/tags/list', body => body.tags), ['v2'])
  assert.deepEqual(await list(`${ACR}/_tags`, tagsOf), ['v2'])
  assert.deepEqual(await list(`${ACR}/_tags?orderby=timedesc&digest=${digest}`, tagsOf), [])
  const digests = (body: Json) => body.manifests.map((one: Json) => one.digest)
  assert.deepEqual(await list(`${ACR}/_manifests`, digests), [digest])
  assert.equal(await list(`${ACR}/_manifests/${digest}`, body => body.manifest.tags), undefined)
  assert.deepEqual(await list(`/v2/team/app/referrers/${digest}`, digests), [])
  // Its page is short, and the next one follows all the same.
  const page = await call(`${ACR}/_tags?n=1`)
  assert.deepEqual([tagsOf(await bodyOf(page)), /last=v1/.test(page.headers.get('link') ?? '')], [[], true])
  for (const path of ['/v2/team/app/manifests/v1', `${ACR}/_tags/v1`, `${ACR}/_manifests/${other}`])
    assert.equal(await ask('GET', path), 200, path)
  await patch('', { listEnabled: false })
  for (const path of ['/v2/_catalog', '/acr/v1/_catalog'])
    assert.deepEqual(await list(path, body => body.repositories), ['z'])
  assert.equal(await ask('GET', ACR), 200)
})

test('a refusal names what is locked, by which attribute, and how to unlock it', async t => {
  const { patch, call } = await openApp(t)
  await patch('/_tags/v1', { deleteEnabled: false })
  const refused = await call(`${ACR}/_tags/v1`, { method: 'DELETE' })
  const [error] = (await bodyOf(refused)).errors
  assert.deepEqual(error.detail, { repository: 'team/app', kind: 'tag', name: 'v1', attribute: 'deleteEnabled' })
  assert.match(error.message, /^Tag v1 of repository team\/app is locked: its deleteEnabled is false\. /)
  assert.match(error.message, /PATCH \/acr\/v1\/team\/app\/_tags\/v1 with \{"deleteEnabled":true\}/)
})

test('a body of strangers sets nothing, and says why', async t => {
  const { call, ask, digest, registry } = await openApp(t)
  const bodies = ['', '{', 'null', '[]', '"x"', '1', '{"writeEnabled":"false"}', '{"writeEnabled":null}']
  bodies.push('{"writeEnabled":false,"quarantineState":"Passed"}', '{"__proto__":{"writeEnabled":false},"x":1}')
  bodies.push('{"teleportEnabled":true}', '\xff\xfe', `{"${'x'.repeat(3000)}":1}`)
  for (const path of [ACR, `${ACR}/_tags/v1`, `${ACR}/_manifests/${digest}`]) {
    for (const body of bodies) {
      const answer = await call(path, { method: 'PATCH', body })
      assert.equal(answer.status, 400, body)
      const [error] = (await bodyOf(answer)).errors
      assert.equal(error.code, 'UNSUPPORTED')
      assert.ok(error.message.length < 600)
    }
    assert.equal((await call(path, { method: 'PATCH', body: ' '.repeat(5000) })).status, 413)
  }
  assert.deepEqual(await registry.metadata.repository(app).then(found => found?.attributes.write), true)
  const unknown: [string, number, string][] = [
    ['/acr/v1/none', 404, 'NAME_UNKNOWN'],
    [`${ACR}/_tags/v9`, 404, 'TAG_UNKNOWN'],
    [`${ACR}/_tags/.bad`, 400, 'TAG_INVALID'],
    [`${ACR}/_manifests/${digestOf('x')}`, 404, 'MANIFEST_UNKNOWN'],
    [`${ACR}/_manifests/v1`, 400, 'DIGEST_INVALID'],
    ['/acr/v1/Team', 400, 'NAME_INVALID'],
  ]
  for (const [path, ...expected] of unknown)
    assert.deepEqual(await ask('PATCH', path, '{"listEnabled":false}'), expected)
  assert.deepEqual(await ask('DELETE', '/acr/v1/none'), [404, 'NAME_UNKNOWN'])
})

test('who may not change metadata, or delete, is refused, and who does is in the audit', async t => {
  const clock = systemClock('test')
  const holder = (name: string, ...actions: string[]) =>
    tokenOf(clock, { id: `tok_${name}`, name, actions, passwords: { 1: { text: `password of ${name}` } } })
  const all = 'repositories/team/app'
  const tokens = await Promise.all([
    holder('pusher', `${all}/content/read`, `${all}/content/write`, `${all}/metadata/read`),
    holder('locker', `${all}/metadata/write`),
    holder('deleter', `${all}/content/delete`),
  ])
  const { url, store } = await openApp(t, { tokens })
  const as = async (name: string, method: string, path: string, body?: string) => {
    const authorization = `Basic ${btoa(`${name}:password of ${name}`)}`
    return (await fetch(`${url}${path}`, { method, headers: { authorization }, ...(body ? { body } : {}) })).status
  }
  const lock = '{"writeEnabled":false}'
  const stranger = await fetch(`${url}${ACR}/_tags/v1`, { method: 'PATCH', body: lock })
  assert.match(stranger.headers.get('www-authenticate') ?? '', /scope="repository:team\/app:metadata_write"/)
  for (const name of ['pusher', 'deleter']) assert.equal(await as(name, 'PATCH', `${ACR}/_tags/v1`, lock), 403)
  for (const name of ['pusher', 'locker'])
    for (const path of [ACR, `${ACR}/_tags/v1`]) assert.equal(await as(name, 'DELETE', path), 403)
  assert.equal(await as('locker', 'PATCH', `${ACR}/_tags/v1`, lock), 200)
  assert.equal(await as('locker', 'PATCH', `${ACR}/_tags/v1`, '{"writeEnabled":true}'), 200)
  assert.equal(await as('deleter', 'DELETE', `${ACR}/_tags/v1`), 202)
  assert.equal(await as('deleter', 'DELETE', ACR), 202)
  const { records } = await queryAudit(store.read, { tenantId: TESTER.tenantId }, { limit: 100 })
  const done = records.filter(one => one.result === 'done' && one.actor.id !== TESTER.actor.id).toReversed()
  assert.deepEqual(
    done.map(({ action, detail: { proof, ...rest } }) => [action, rest]),
    [
      ['registry/metadata/write', { tag: 'v1', writeEnabled: false }],
      ['registry/metadata/write', { tag: 'v1', writeEnabled: true }],
      ['registry/content/delete', { tag: 'v1' }],
      ['registry/content/delete', { what: 'repository', tags: 0, manifests: 1, blobs: 1 }],
    ],
  )
})

test('a pull of what is not locked asks the database once, and takes no promise', async t => {
  const { registry, digest, store } = await openApp(t)
  await registry.getManifest(app, 'v1')
  let reads = 0
  const one = store.read.one.bind(store.read)
  t.mock.method(store.read, 'one', (query: Parameters<typeof one>[0]) => {
    reads++
    return one(query)
  })
  for (const reference of ['v1', digest]) {
    const found = registry.getManifest(app, reference)
    assert.ok(found && !(found instanceof Promise))
  }
  const blob = registry.statBlob(app, CONFIG)
  assert.ok(blob && !(blob instanceof Promise))
  assert.equal(reads, 3)
})
