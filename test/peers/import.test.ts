import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createHttpClient, systemClock } from '../../src/kernel/index.ts'
import { createOciClient, httpSend, registryEnd } from '../../src/oci/index.ts'
import { sampleContent } from '../../src/oci/testing/content.fixture.ts'
import { type Ran, runTowpath } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { Wire } from './support/client.ts'
import { BASIC_LOGIN, type DockerRegistry, startDockerRegistry } from './support/docker-registry.ts'

// Debian's docker-registry as the source: passwords by Basic, no referrers API, tags in one page.

let source: DockerRegistry
let platform: Platform
let wire: Wire
let host = ''
const http = createHttpClient({ clock: systemClock('peers'), allowPrivate: true })
const client = createOciClient({
  send: httpSend(http),
  clock: systemClock('peers'),
  credentials: () => BASIC_LOGIN,
})

before(async () => {
  source = await startDockerRegistry('basic')
  host = new URL(source.url).host
  platform = await startPlatform({ env: { TOWPATH_OUTBOUND_ALLOW_0: host } })
  wire = new Wire(`http://${platform.registry}`, { user: 'admin', password: platform.adminPassword })
})
after(async () => {
  await platform?.stop()
  await source?.stop()
  http.close()
})

/** An index of two platforms and its signature, which the client names under the tag that stands for referrers. */
async function fill(repository: string, tag: string) {
  const content = sampleContent(`${repository} ${tag}`)
  const to = registryEnd(client, { host, repository })
  for (const [digest, bytes] of content.blobs) {
    await to.putBlob(
      { digest, size: bytes.length },
      async function* ({ at }) {
        yield bytes.subarray(at)
      },
      {},
    )
  }
  for (const one of [...content.manifests, content.signature]) {
    await to.putManifest(one.digest === content.root.digest ? { ...one, tag } : one)
  }
  return content
}

function importFrom(args: string[], password = BASIC_LOGIN.password): Promise<Ran> {
  const login = ['--username', BASIC_LOGIN.username, '--password-stdin']
  return runTowpath(platform, ['import', ...args, ...login, '-o', 'json'], { input: password })
}

async function served(repository: string, { manifests, signature, blobs, root }: ReturnType<typeof sampleContent>) {
  for (const { bytes, digest } of [...manifests, signature]) {
    const found = await wire.request(`/v2/${repository}/manifests/${digest}`)
    assert.ok(Buffer.from(await found.arrayBuffer()).equals(bytes), digest)
  }
  for (const [digest, bytes] of blobs) {
    const found = await wire.request(`/v2/${repository}/blobs/${digest}`)
    assert.ok(Buffer.from(await found.arrayBuffer()).equals(bytes), digest)
  }
  const referrers = await wire.request(`/v2/${repository}/referrers/${root.digest}`)
  const { manifests: found } = (await referrers.json()) as { manifests: { digest: string }[] }
  assert.deepEqual(
    found.map(one => one.digest),
    [signature.digest],
  )
}

test('an index from docker-registry, by tag and password, with what its fallback tag says that refers to it', async () => {
  const content = await fill('team/app', 'v1')
  const wrong = await importFrom(['--source', `${host}/team/app:v1`], 'another-password')
  assert.deepEqual([wrong.code, /does not accept the credentials/.test(wrong.stderr)], [3, true], wrong.stderr)
  const done = await importFrom(['--source', `${host}/team/app:v1`, '-t', 'mirror/app:v1'])
  assert.equal(done.code, 0, done.stderr)
  await served('mirror/app', content)
})

test('a whole repository from docker-registry', async () => {
  const contents = [await fill('team/all', 'v1'), await fill('team/all', 'v2')]
  const done = await importFrom(['--source', `${host}/team/all`, '--all-tags', '--repository', 'mirror/all'])
  assert.equal(done.code, 0, done.stderr)
  for (const content of contents) await served('mirror/all', content)
  const { tags } = (await (await wire.request('/v2/mirror/all/tags/list')).json()) as { tags: string[] }
  // The tags that stand for referrers there are tags as any other.
  assert.deepEqual(
    tags.filter(tag => tag.startsWith('v')),
    ['v1', 'v2'],
  )
})
