import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ManifestPage, Problem, Repository, RepositoryList, TagList, WholeManifest } from '../../src/api/index.ts'
import { type Descriptor, pusher } from '../support/content.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

const AT = '/api/v1/registries/default/repositories'
let platform: Platform
let image: Descriptor
let index: Descriptor

before(async () => {
  platform = await startPlatform()
  const push = pusher(platform)
  const config = { architecture: 'arm64', os: 'linux', config: { Entrypoint: ['/app'], Env: ['TOKEN=hunter2'] } }
  image = await push.image('team/app', '', { config, layers: ['a layer of 18 byte'] })
  const platforms = [{ ...image, platform: { os: 'linux', architecture: 'arm64' } }]
  index = await push.index('team/app', 'v1', platforms)
  await push.image('team/web', 'v2', { layers: ['a layer of 18 byte'] })
  await push.image('team/app', '', { subject: image, artifactType: 'example/sbom' })
})
after(() => platform?.stop())

const read = <T>(path: string) => platform.make<T>(`${AT}${path}`, undefined, 'GET')
const of = (query: Record<string, string>) => `?${new URLSearchParams(query)}`

async function refused(method: string, path: string, body?: unknown) {
  const answer = await platform.api(`${AT}${path}`, { method, body })
  assert.ok(!answer.ok, `${method} ${path} was answered ${answer.status}`)
  return (await answer.json()) as Problem
}

/** With a role of its own, and nothing else. */
async function person(name: string, actions: Record<string, readonly string[]>) {
  const home = '/api/v1/tenants/ten_default'
  const robot = await platform.make(`${home}/principals`, { kind: 'service', name })
  const role = await platform.make(`${home}/roles`, { name: `Role of ${name}`, actions: [], ...actions })
  const scope = '/tenants/ten_default'
  await platform.make(`${home}/assignments`, { principalId: robot.id, roleId: role.id, scope })
  type Secret = { clientId: string; secret: string }
  const { clientId, secret } = await platform.make<Secret>(`${home}/principals/${robot.id}/secrets`, {})
  const authorization = `Basic ${btoa(`${clientId}:${secret}`)}`
  return (method: string, path: string) =>
    fetch(`${platform.control}${AT}${path}`, { method, headers: { authorization } })
}

test('lists repositories and finds them by a part of the name, a page at a time', async () => {
  const first = await read<RepositoryList>('?limit=1')
  assert.deepEqual([first.region, first.total, first.repositories.map(one => one.name)], ['home', 2, ['team/app']])
  assert.ok(first.next)
  const { repositories, next } = await read<RepositoryList>(of({ limit: '1', last: first.next }))
  assert.deepEqual([repositories.map(one => one.name), next], [['team/web'], undefined])
  assert.deepEqual(
    (await read<RepositoryList>('?search=WEB&order=newest')).repositories.map(one => [one.name, one.tags]),
    [['team/web', 1]],
  )
  const one = await read<Repository>('/repository?repository=team/app')
  assert.deepEqual([one.manifests, one.tags, one.attributes.delete], [3, 1, true])
  assert.equal((await refused('GET', '/repository?repository=team/none')).code, 'NAME_UNKNOWN')
  assert.equal((await refused('GET', '/repository?repository=../etc')).status, 400)
  assert.equal((await refused('GET', '?region=nowhere')).code, 'REGION_UNKNOWN')
})

test('lists tags and manifests with what they are', async () => {
  const { tags } = await read<TagList>('/tags?repository=team/app')
  assert.deepEqual(
    tags.map(tag => [tag.name, tag.digest, tag.mediaType]),
    [['v1', index.digest, index.mediaType]],
  )
  const page = await read<ManifestPage>('/manifests?repository=team/app&order=oldest')
  assert.deepEqual(page.manifests.map(one => [one.digest, one.tags]).slice(0, 2), [
    [image.digest, []],
    [index.digest, ['v1']],
  ])
  assert.equal(page.manifests[0]?.architecture, 'arm64')
})

test('shows a manifest as a tree; how it runs only to who may pull, and no variable to anybody', async () => {
  const whole = await read<WholeManifest>(`/manifest${of({ repository: 'team/app', digest: image.digest })}`)
  const { tree, settings } = whole
  assert.deepEqual(settings?.entrypoint, ['/app'])
  assert.equal(settings.variables, 1)
  assert.ok(!JSON.stringify(whole).includes('hunter2'))
  assert.deepEqual(
    tree?.layers.map(layer => [layer.size, layer.repositories]),
    [[18, 2]],
  )
  assert.deepEqual(tree.listedBy, [index.digest])
  assert.equal(tree.referrers[0]?.artifactType, 'example/sbom')
  const listed = await read<WholeManifest>(`/manifest${of({ repository: 'team/app', digest: index.digest })}`)
  assert.deepEqual(
    listed.tree?.entries.map(entry => [entry.digest, entry.platform]),
    [[image.digest, 'linux/arm64']],
  )
  const clerk = await person('clerk', { dataActions: ['registry/metadata/read'] })
  const answer = await clerk('GET', `/manifest${of({ repository: 'team/app', digest: image.digest })}`)
  const seen = (await answer.json()) as WholeManifest
  assert.deepEqual([answer.status, seen.settings, seen.tree?.layers.length], [200, undefined, 1])
  assert.equal((await clerk('DELETE', '/repository?repository=team/app')).status, 403)
  const reader = await person('reader', { actions: ['registry/read'] })
  assert.equal((await reader('GET', '')).status, 403)
})

test('locks, and says in the words of the lock who is refused; a manifest that may not be read is still shown', async () => {
  const tag = of({ repository: 'team/app', tag: 'v1' })
  const manifest = of({ repository: 'team/app', digest: image.digest })
  await platform.make(`${AT}/tag${tag}`, { delete: false }, 'PATCH')
  const kept = await refused('DELETE', `/tag${tag}`)
  assert.equal(kept.code, 'REGISTRY_DISALLOWED_OPERATION')
  assert.match(kept.title, /Tag v1 of repository team\/app is locked: its deleteEnabled is false/)
  assert.equal((await refused('DELETE', '/repository?repository=team/app')).code, 'REGISTRY_DISALLOWED_OPERATION')
  await platform.make(`${AT}/manifest${manifest}`, { read: false }, 'PATCH')
  const hidden = await read<WholeManifest>(`/manifest${manifest}`)
  assert.deepEqual([hidden.tree, hidden.settings, hidden.attributes.read], [undefined, undefined, false])
  await platform.make(`${AT}/manifest${manifest}`, { read: true }, 'PATCH')
  await platform.make(`${AT}/tag${tag}`, { delete: true }, 'PATCH')
  const refusedBody = await refused('PATCH', `/tag${tag}`, { quarantine: true })
  assert.equal(refusedBody.status, 400)
})

test('takes away tag, manifest and repository, and the region’s audit says who', async () => {
  const tag = of({ repository: 'team/web', tag: 'v2' })
  const { tags } = await read<TagList>('/tags?repository=team/web')
  await platform.make(`${AT}/tag${tag}`, undefined, 'DELETE')
  assert.equal((await refused('DELETE', `/tag${tag}`)).code, 'TAG_UNKNOWN')
  await platform.make(
    `${AT}/manifest${of({ repository: 'team/web', digest: tags[0]?.digest ?? '' })}`,
    undefined,
    'DELETE',
  )
  const gone = await platform.make(`${AT}/repository?repository=team/app`, undefined, 'DELETE')
  assert.deepEqual(gone, { manifests: 3, tags: 1 })
  assert.deepEqual((await read<RepositoryList>('?search=app')).repositories, [])
  type Records = { records: { action: string; resource: string; actor: { id: string }; detail: unknown }[] }
  const { records } = await platform.make<Records>('/api/v1/audit?region=home&limit=5', undefined, 'GET')
  const deleted = records.filter(one => one.action === 'registry/content/delete')
  assert.deepEqual(
    deleted.map(one => [one.resource.split('/repositories/')[1], one.actor.id]),
    [
      ['team/app', 'prn_admin'],
      ['team/web', 'prn_admin'],
      ['team/web', 'prn_admin'],
    ],
  )
})
