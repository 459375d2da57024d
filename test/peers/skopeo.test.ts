import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ContainerTool, containerTool } from './support/containers.ts'
import { debianImage, type Image } from './support/image.ts'
import { type Registry, startRegistry } from './support/registry.ts'
import { assertHeld, assertServed } from './support/whole.ts'

let registry: Registry
let skopeo: ContainerTool
let image: Image
const plain = '--tls-verify=false'

before(async () => {
  image = await debianImage()
  registry = await startRegistry()
  skopeo = containerTool('skopeo', registry.host, registry.login)
})
after(async () => {
  skopeo?.close()
  await registry?.stop()
})

test('skopeo pushes a whole multi-platform image, and every byte is served', async () => {
  const to = `docker://${registry.host}/skopeo/debian:v1`
  await skopeo('copy', '--all', '--preserve-digests', '--dest-tls-verify=false', `oci:${image.layout}:v1`, to)
  await assertServed(registry.wire, 'skopeo/debian', 'v1', image)
})

test('skopeo copies between repositories and pulls into a folder, byte for byte', async () => {
  const from = `docker://${registry.host}/skopeo/debian:v1`
  const second = `docker://${registry.host}/skopeo/copy/of-debian:v2`
  const flags = ['--all', '--preserve-digests', '--src-tls-verify=false']
  await skopeo('copy', ...flags, '--dest-tls-verify=false', from, second)
  await assertServed(registry.wire, 'skopeo/copy/of-debian', 'v2', image)

  const folder = join(skopeo.dir, 'pulled')
  await skopeo('copy', ...flags, second, `dir:${folder}`)
  assertHeld(folder, image.blobs)
  assertHeld(folder, image.manifests.slice(1), hex => `${hex}.manifest.json`)
  assert.equal(await skopeo('manifest-digest', join(folder, 'manifest.json')), `${image.index.digest}\n`)
})

test('skopeo converts to Docker schema 2 on the way, and the list and its images come back as such', async () => {
  const to = `docker://${registry.host}/skopeo/docker:v1`
  const from = `docker://${registry.host}/skopeo/debian:v1`
  await skopeo('copy', '--all', '--format', 'v2s2', '--src-tls-verify=false', '--dest-tls-verify=false', from, to)
  const list = JSON.parse(await skopeo('inspect', '--raw', plain, to))
  assert.equal(list.mediaType, 'application/vnd.docker.distribution.manifest.list.v2+json')
  assert.deepEqual(
    list.manifests.map((entry: { mediaType: string }) => entry.mediaType),
    Array(2).fill('application/vnd.docker.distribution.manifest.v2+json'),
  )
})

test('skopeo inspects, lists tags and deletes', async () => {
  const name = `docker://${registry.host}/skopeo/debian`
  const seen = JSON.parse(
    await skopeo('inspect', plain, '--override-arch', 'arm64', '--override-variant', 'v8', `${name}:v1`),
  )
  assert.equal(seen.Digest, image.index.digest)
  assert.equal(seen.Architecture, 'arm64')
  assert.deepEqual(seen.Layers, image.platforms.arm64.layers)
  const config = await skopeo('inspect', plain, '--config', '--raw', '--override-arch', 'amd64', `${name}:v1`)
  assert.equal(config, readFileSync(join(image.layout, 'blobs/sha256', image.platforms.amd64.config.slice(7)), 'utf8'))

  await skopeo(
    'copy',
    '--all',
    '--preserve-digests',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
    `${name}:v1`,
    `${name}:v2`,
  )
  assert.deepEqual(JSON.parse(await skopeo('list-tags', plain, name)).Tags, ['v1', 'v2'])

  // skopeo deletes the manifest that the tag names, and with it every tag of it.
  await skopeo('delete', plain, `${name}:v1`)
  await assert.rejects(skopeo('inspect', '--raw', plain, `${name}:v2`), /manifest unknown|not found/i)
  await assertServed(registry.wire, 'skopeo/copy/of-debian', 'v2', image)
})

test('skopeo logs in with the right password only', async () => {
  const auth = ['--authfile', join(skopeo.dir, 'login.json'), '-u', registry.login.user]
  await skopeo('login', plain, ...auth, '-p', registry.login.password, registry.host)
  await assert.rejects(skopeo('login', plain, ...auth, '-p', 'wrong', registry.host), /unauthorized|invalid username/i)
})
