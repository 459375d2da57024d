import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runTowpath, towpathDone } from '../support/command.ts'
import { type Descriptor, pusher } from '../support/content.ts'
import { type Platform, startPlatform } from '../support/platform.ts'

let platform: Platform
let dir: string

before(async () => {
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '2' } })
  dir = mkdtempSync(join(tmpdir(), 'towpath-soft-delete-'))
  await towpathDone(platform, ['policy', 'create', 'trash', '--kind', 'soft-delete'])
  // Both nodes have to have heard of it: each deletion is one node's.
  for (let kept = 0, i = 0; kept < 20; i++) {
    const { digest } = await pusher(platform).image('probe', `t${i}`)
    await deleteAt(`/v2/probe/manifests/${digest}`)
    const { manifests } = await api<{ manifests: unknown[] }>('/deleted/manifests?repository=probe')
    kept = manifests.length === 1 ? kept + 1 : 0
    await api('/deleted?repository=probe', { method: 'DELETE' })
  }
})
after(async () => {
  await platform?.stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

const done = (...args: string[]) => towpathDone(platform, args)
const json = async (...args: string[]) => JSON.parse(await done(...args, '-o', 'json'))
const REPOSITORIES = '/api/v1/registries/default/repositories'

async function api<T>(path: string, init: { method?: string; body?: unknown } = {}): Promise<T> {
  const answer = await platform.api(`${REPOSITORIES}${path}`, init)
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`)
  return (await answer.json()) as T
}

async function at(path: string, method = 'GET'): Promise<Response> {
  const authorization = `Basic ${btoa(`admin:${platform.adminPassword}`)}`
  const answer = await fetch(`http://${platform.registry}${path}`, { method, headers: { authorization } })
  await answer.arrayBuffer()
  return answer
}

async function deleteAt(path: string): Promise<void> {
  assert.equal((await at(path, 'DELETE')).status, 202, path)
}

/** All files of an OCI layout that the image was copied to with its referrers, by name. */
async function copied(reference: string, name: string): Promise<Map<string, string>> {
  const layout = join(dir, name)
  await done('oci', 'copy', '--referrers', `${platform.registry}/${reference}`, `oci:${layout}:v1`)
  const files = readdirSync(join(layout, 'blobs/sha256'))
  return new Map(files.map(file => [file, readFileSync(join(layout, 'blobs/sha256', file), 'base64')]))
}

type Pushed = { index: Descriptor; children: Descriptor[]; signature: Descriptor; layers: number }

async function pushSigned(repository: string, tag: string): Promise<Pushed> {
  const { image, index: pushIndex } = pusher(platform)
  const children: Descriptor[] = []
  for (const architecture of ['amd64', 'arm64']) {
    const config = { architecture, os: 'linux' }
    children.push(
      await image(repository, '', { config, layers: [`layer of ${tag} ${architecture}`, 'a common layer'] }),
    )
  }
  const index = await pushIndex(repository, tag, children)
  const signature = await image(repository, '', {
    ...{ subject: index, artifactType: 'application/signature', layers: ['a signature'] },
    ...{ config: {}, configType: 'application/vnd.oci.empty.v1+json' },
  })
  return { index, children, signature, layers: 3 }
}

test('an image with its platforms and signature is deleted, listed, restored by its tag, and pulled byte for byte', async () => {
  const { index, children, signature } = await pushSigned('team/app', 'v1')
  const before = await copied('team/app:v1', 'before')
  assert.equal(before.size, 11, 'an index, three manifests, three configs, four layers')
  const all = [index, signature, ...children]
  for (const { digest } of all) await deleteAt(`/v2/team/app/manifests/${digest}`)
  assert.equal((await at('/v2/team/app/manifests/v1')).status, 404)

  const [repository] = await json('repository', 'list-deleted')
  assert.deepEqual([repository.repository, repository.whole], ['team/app', false])
  const manifests = await json('manifest', 'list-deleted', 'team/app')
  assert.deepEqual(new Set(manifests.map((one: Descriptor) => one.digest)), new Set(all.map(one => one.digest)))
  const [tag] = await json('manifest', 'list-deleted-tags', 'team/app')
  assert.deepEqual([tag.name, tag.digest, tag.purgeAt - tag.deletedAt], ['v1', index.digest, 7 * 24 * 3600_000])
  assert.match(await done('manifest', 'list-deleted', 'team/app'), /^DIGEST +TAGS +MEDIA TYPE +DELETED +BY +UNTIL$/m)

  const restored = await json('manifest', 'restore', 'team/app:v1')
  assert.deepEqual([restored.manifests, restored.tags, restored.inUse], [4, 1, []])
  assert.deepEqual(await copied('team/app:v1', 'after'), before)
  assert.deepEqual(await json('manifest', 'list-deleted', 'team/app'), [])
  const again = await runTowpath(platform, ['manifest', 'restore', 'team/app:v1'])
  assert.deepEqual([again.code, /is here already/.test(again.stderr)], [0, true])
})

test('a whole repository goes from all lists and comes back whole, unless it was purged', async () => {
  await pushSigned('team/whole', 'v1')
  const before = await copied('team/whole:v1', 'whole-before')
  await done('repository', 'delete', '--name', platform.registry, '--repository', 'team/whole', '--yes')
  assert.ok(!(await done('repository', 'list', '--name', platform.registry)).includes('team/whole'))
  const listed = await json('repository', 'list-deleted')
  const one = listed.find((row: { repository: string }) => row.repository === 'team/whole')
  assert.deepEqual([one.live, one.whole], [false, true])
  for (const file of before.keys()) {
    assert.equal((await at(`/v2/team/whole/blobs/sha256:${file}`)).status, 404, 'what is deleted is not served')
  }
  assert.match(await done('repository', 'restore', '--repository', 'team/whole'), /^4 +1 *$/m)
  assert.deepEqual(await copied('team/whole:v1', 'whole-after'), before)

  await done('repository', 'delete', '--name', platform.registry, '--repository', 'team/whole', '--yes')
  assert.notEqual((await runTowpath(platform, ['manifest', 'purge-deleted', 'team/whole'])).code, 0, 'without --yes')
  assert.deepEqual(await json('manifest', 'purge-deleted', 'team/whole', '--yes'), { manifests: 4, tags: 1 })
  const gone = await runTowpath(platform, ['repository', 'restore', '--repository', 'team/whole'])
  assert.notEqual(gone.code, 0)
  assert.match(gone.stderr, /was not deleted whole, or its days in the trash are over/)
})

test('a tag that leads elsewhere moves by force alone, and a locked one not at all', async () => {
  const { image } = pusher(platform)
  const old = await image('team/tag', 'v1', { layers: ['old'] })
  await deleteAt(`/v2/team/tag/manifests/${old.digest}`)
  const now = await image('team/tag', 'v1', { layers: ['new'] })
  const refused = await runTowpath(platform, ['manifest', 'restore', 'team/tag:v1'])
  assert.notEqual(refused.code, 0)
  assert.ok(refused.stderr.includes(now.digest), refused.stderr)
  const locking = ['--name', platform.registry, '--image', 'team/tag:v1', '--write-enabled']
  await done('repository', 'update', ...locking, 'false')
  const locked = await runTowpath(platform, ['manifest', 'restore', 'team/tag:v1', '--force'])
  assert.match(locked.stderr, /is locked/)
  await done('repository', 'update', ...locking, 'true')
  await done('manifest', 'restore', 'team/tag:v1', '-d', old.digest, '--force')
  assert.equal((await at('/v2/team/tag/manifests/v1')).headers.get('docker-content-digest'), old.digest)
})

test('the region’s audit says who restored and who purged', async () => {
  const { digest } = await pusher(platform).image('team/audited', 'v1')
  await deleteAt(`/v2/team/audited/manifests/${digest}`)
  await done('manifest', 'restore', `team/audited@${digest}`)
  await deleteAt('/v2/team/audited/manifests/v1')
  await done('manifest', 'purge-deleted', 'team/audited:v1', '--yes')
  const resource = '/tenants/ten_default/resources/reg_default/repositories/team/audited'
  const { records } = await json('audit', 'query', '--region', 'home', '--resource', resource)
  const shown = records.map((one: { action: string; detail: Record<string, unknown>; actor: { kind: string } }) => [
    one.action,
    one.detail.restored ?? one.detail.what ?? '',
    one.actor.kind,
  ])
  assert.deepEqual(shown.slice(0, 4), [
    ['registry/content/delete', 'trash', 'user'],
    ['registry/content/delete', '', 'user'],
    ['registry/content/write', 'manifest', 'user'],
    ['registry/content/delete', '', 'user'],
  ])
})
