import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenOf } from '../../identity/tokens/tokens.fixture.ts'
import { systemClock } from '../../kernel/index.ts'
import { digestOf, mediaTypes } from '../../oci/index.ts'
import { imageBytes, pushBlob, pushImage, repo, TESTER } from '../registry.fixture.ts'
import { type Serving, serveRegistry } from './data-plane.fixture.ts'

const app = repo('team/app')
const CONFIG = '{"architecture":"arm64","os":"linux"}'
const OPEN = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true }
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
type Json = any
const json = async (answer: Response): Promise<Json> => {
  assert.equal(answer.status, 200, await answer.clone().text())
  return answer.json()
}
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as Json).errors[0].code]
const nextOf = (answer: Response) => /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]

async function image({ registry }: Serving, tags: string[], note = 'one') {
  const config = await pushBlob(registry, app, CONFIG)
  return (await registry.putManifest(app, { bytes: imageBytes({ config, note }), tags }, TESTER)).digest
}

/** What the answers say, but for their times, which only have to be times. */
function timeless(value: Json): Json {
  if (Array.isArray(value)) return value.map(timeless)
  if (typeof value !== 'object' || value === null) return value
  for (const key of ['createdTime', 'lastUpdateTime']) if (key in value) assert.match(value[key], TIME)
  const { createdTime, lastUpdateTime, ...rest } = value
  return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, timeless(inner)]))
}

test('repository, tag and manifest are told in the shapes of ACR, by names with slashes however encoded', async t => {
  const serving = await serveRegistry(t)
  const { call, url, registry } = serving
  const digest = await image(serving, ['v1', 'v2'])
  const head = { registry: new URL(url).host, imageName: 'team/app' }
  const tag = (name: string) => ({ name, digest, changeableAttributes: OPEN })
  const manifest = {
    ...{ digest, imageSize: CONFIG.length, architecture: 'arm64', os: 'linux' },
    ...{ configMediaType: mediaTypes.ociConfig, mediaType: mediaTypes.ociManifest },
    ...{ tags: ['v1', 'v2'], changeableAttributes: OPEN },
  }
  for (const name of ['team/app', 'team%2Fapp']) {
    const get = async (path: string) => timeless(await json(await call(`/acr/v1/${name}${path}`)))
    assert.deepEqual(await get(''), { ...head, manifestCount: 1, tagCount: 2, changeableAttributes: OPEN })
    assert.deepEqual(await get('/_tags'), { ...head, tags: [tag('v1'), tag('v2')] })
    assert.deepEqual(await get('/_tags/v2?api-version=2021-07-01'), { ...head, tag: tag('v2') })
    assert.deepEqual(await get('/_manifests'), { ...head, manifests: [manifest] })
    assert.deepEqual(await get(`/_manifests/${digest}`), { ...head, manifest })
    assert.deepEqual(await get(`/_manifests/${encodeURIComponent(digest)}`), { ...head, manifest })
  }
  const index = JSON.stringify({
    ...{ schemaVersion: 2, mediaType: mediaTypes.ociIndex },
    manifests: [
      { mediaType: mediaTypes.ociManifest, digest, size: 2, platform: { architecture: 'arm64', os: 'linux' } },
      { mediaType: mediaTypes.ociManifest, digest, size: 2 },
    ],
  })
  const list = await registry.putManifest(app, { bytes: Buffer.from(index), tags: [] }, TESTER)
  const told = (await json(await call(`/acr/v1/team/app/_manifests/${list.digest}`))).manifest
  assert.deepEqual(told.references, [{ digest, architecture: 'arm64', os: 'linux' }, { digest }])
  for (const absent of ['architecture', 'os', 'configMediaType', 'tags']) assert.ok(!(absent in told), absent)
  assert.deepEqual(await json(await call('/acr/v1/_catalog')), { repositories: ['team/app'] })
  const headed = await call('/acr/v1/team/app', { method: 'HEAD' })
  assert.deepEqual([headed.status, await headed.text()], [200, ''])
  assert.ok(Number(headed.headers.get('content-length')) > 0)
})

test('pages are linked to their end, in each order, with what was asked for', async t => {
  const serving = await serveRegistry(t)
  const digest = await image(serving, ['v1', 'v2', 'v3', 'v4', 'v5'])
  for (const note of ['a', 'b', 'c']) {
    serving.clock.skip(10)
    await pushImage(serving.registry, app, note)
  }
  for (const name of ['x/y', 'z']) await pushBlob(serving.registry, repo(name), 'x')
  const walk = async (path: string, read: (body: Json) => string[]) => {
    const seen: string[][] = []
    for (let at: string | undefined = path; at !== undefined; ) {
      const answer: Response = await serving.call(at)
      seen.push(read(await json(answer)))
      at = nextOf(answer)
    }
    return seen
  }
  const names = (body: Json): string[] => body.tags.map((tag: Json) => tag.name)
  const tagPath = '/acr/v1/team/app/_tags?n=3&orderby='
  assert.deepEqual(await walk(tagPath, names), [
    ['a', 'b', 'c'],
    ['v1', 'v2', 'v3'],
    ['v4', 'v5'],
  ])
  const oldest = (await walk(`${tagPath}timeasc`, names)).flat()
  assert.deepEqual(oldest.slice(-3), ['a', 'b', 'c'])
  assert.deepEqual(oldest.toSorted(), ['a', 'b', 'c', 'v1', 'v2', 'v3', 'v4', 'v5'])
  assert.deepEqual((await walk(`${tagPath}timedesc`, names)).flat(), oldest.toReversed())
  const own = await walk(`${tagPath}timedesc&digest=${digest}`, names)
  assert.deepEqual(own.flat().toSorted(), ['v1', 'v2', 'v3', 'v4', 'v5'])
  const digests = (body: Json): string[] => body.manifests.map((one: Json) => one.digest)
  const byTime = (await walk('/acr/v1/team/app/_manifests?n=1&orderby=timeasc', digests)).flat()
  assert.deepEqual([byTime.length, byTime[0]], [4, digest])
  const newest = await walk('/acr/v1/team/app/_manifests?n=3&orderby=timedesc', digests)
  assert.deepEqual([newest.length, newest.flat()], [2, byTime.toReversed()])
  const catalog = await walk('/acr/v1/_catalog?n=1&orderby=', body => body.repositories)
  assert.deepEqual(catalog, [['team/app'], ['x/y'], ['z']])
  const link = (await serving.call('/acr/v1/_catalog?n=1&orderby=')).headers.get('link')
  // PowerShell for ACR takes the first parameter for `last`.
  assert.equal(link, '</acr/v1/_catalog?last=team%2Fapp&n=1&orderby=>; rel="next"')
})

test('parameters of strangers get an answer or a reason, never more than a page', async t => {
  const serving = await serveRegistry(t)
  await image(serving, ['v1', 'v2'])
  const tags = async (query: string) => serving.call(`/acr/v1/team/app/_tags?${query}`)
  const shown = async (query: string) => (await json(await tags(query))).tags.length
  assert.equal(await shown('n=0'), 0)
  assert.equal((await tags('n=0')).headers.get('link'), null)
  assert.equal(await shown('n=1000000000'), 2)
  assert.equal(await shown('last=%F0%9F%9A%A2%20%27%3B--&orderby=none'), 0)
  assert.equal(await shown(`last=${'9'.repeat(15)}~zzz&orderby=timeasc`), 0)
  assert.equal(await shown(`last=${'9'.repeat(15)}~zzz&orderby=timedesc`), 2)
  const refused = [
    'n=-1',
    'n=1e9',
    'n=',
    'n=1.5',
    'last=%00',
    'last=%ff',
    `last=${'x'.repeat(256)}`,
    'digest=sha256:no',
  ]
  refused.push(
    'orderby=time',
    'orderby=constructor',
    'last=v1&orderby=timedesc',
    `last=${'9'.repeat(16)}~v&orderby=timeasc`,
  )
  for (const query of refused) assert.equal((await tags(query)).status, 400, query)
  const cases: [string, number, string][] = [
    ['/acr/v1/none', 404, 'NAME_UNKNOWN'],
    ['/acr/v1/none/_tags', 404, 'NAME_UNKNOWN'],
    ['/acr/v1/none/_manifests?orderby=timedesc', 404, 'NAME_UNKNOWN'],
    ['/acr/v1/team/app/_tags/v9', 404, 'TAG_UNKNOWN'],
    [`/acr/v1/team/app/_manifests/${digestOf('x')}`, 404, 'MANIFEST_UNKNOWN'],
    ['/acr/v1/team/app/_manifests/sha256:bad', 400, 'DIGEST_INVALID'],
    ['/acr/v1/team/app/_tags/.bad', 400, 'TAG_INVALID'],
    ['/acr/v1/Team%2Fapp', 400, 'NAME_INVALID'],
    ['/acr/v1/team/app/', 400, 'NAME_INVALID'],
    ['/acr/v1/team%00app', 400, 'NAME_INVALID'],
    ['/acr/v1/', 404, 'UNSUPPORTED'],
    ['/acr/v2/_catalog', 404, 'UNSUPPORTED'],
  ]
  for (const [path, status, code] of cases)
    assert.deepEqual(await codeOf(await serving.call(path)), [status, code], path)
})

test('methods that do not work are refused with those that do', async t => {
  const serving = await serveRegistry(t)
  const digest = await image(serving, ['v1'])
  const allowed = {
    '/team/app': 'GET, HEAD, PATCH, DELETE',
    '/team/app/_tags/v1': 'GET, HEAD, PATCH, DELETE',
    [`/team/app/_manifests/${digest}`]: 'GET, HEAD, PATCH',
    '/team/app/_tags': 'GET, HEAD',
    '/team/app/_manifests': 'GET, HEAD',
    '/_catalog': 'GET, HEAD',
  }
  for (const [path, methods] of Object.entries(allowed)) {
    for (const method of ['DELETE', 'PATCH', 'PUT', 'POST'].filter(one => !methods.includes(one))) {
      const answer = await serving.call(`/acr/v1${path}`, { method })
      assert.equal(answer.headers.get('allow'), methods)
      assert.deepEqual(await codeOf(answer), [405, 'UNSUPPORTED'])
    }
  }
  assert.equal((await serving.call(`/acr/v1/team/app/_tags/v1`)).status, 200)
})

test('who may not read the metadata is told what to sign in for, and a scope map that only pulls does not do', async t => {
  const clock = systemClock('test')
  const holder = (name: string, ...actions: string[]) =>
    tokenOf(clock, { id: `tok_${name}`, name, actions, passwords: { 1: { text: `password of ${name}` } } })
  const tokens = await Promise.all([
    holder('reader', 'repositories/team/app/metadata/read'),
    holder('puller', 'repositories/team/app/content/read'),
  ])
  const serving = await serveRegistry(t, { tokens })
  await image(serving, ['v1'])
  const as = (name: string) => ({ authorization: `Basic ${btoa(`${name}:password of ${name}`)}` })
  for (const path of ['', '/_tags', '/_tags/v1', '/_manifests']) {
    const url = `${serving.url}/acr/v1/team%2Fapp${path}`
    const stranger = await fetch(url)
    assert.match(stranger.headers.get('www-authenticate') ?? '', /,scope="repository:team\/app:metadata_read"$/)
    assert.deepEqual(await stranger.json().then((body: Json) => body.errors[0].detail), [
      { Type: 'repository', Name: 'team/app', Action: 'metadata_read' },
    ])
    assert.equal((await fetch(url, { headers: as('reader') })).status, 200, path)
    assert.deepEqual(await codeOf(await fetch(url, { headers: as('puller') })), [403, 'DENIED'], path)
  }
  // Nobody learns from the answer whether a repository is there.
  const hidden = await fetch(`${serving.url}/acr/v1/none`, { headers: as('reader') })
  assert.deepEqual(await codeOf(hidden), [403, 'DENIED'])
  const catalog = await fetch(`${serving.url}/acr/v1/_catalog`)
  assert.match(catalog.headers.get('www-authenticate') ?? '', /,scope="registry:catalog:\*"$/)
  assert.equal((await fetch(`${serving.url}/acr/v1/_catalog`, { headers: as('reader') })).status, 403)
})

test('where anybody may pull anybody may read the metadata, but not list what repositories there are', async t => {
  const serving = await serveRegistry(t, { anonymousPull: ['reg_default'] })
  await image(serving, ['v1'])
  assert.equal((await fetch(`${serving.url}/acr/v1/team/app/_manifests?orderby=timedesc`)).status, 200)
  assert.equal((await fetch(`${serving.url}/acr/v1/_catalog`)).status, 401)
})
