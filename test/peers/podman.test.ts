import assert from 'node:assert/strict'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ContainerTool, containerTool } from './support/containers.ts'
import { debianImage, type Image } from './support/image.ts'
import { type Registry, startRegistry } from './support/registry.ts'
import { assertImageServed, diffIds } from './support/whole.ts'

let registry: Registry
let podman: ContainerTool
let image: Image
const plain = '--tls-verify=false'
const architectures = ['amd64', 'arm64'] as const

before(async () => {
  image = await debianImage()
  registry = await startRegistry()
  podman = containerTool('podman', registry.host, registry.login)
  // podman makes an image name of the path, and takes no dots or capitals in it.
  symlinkSync(image.layout, join(podman.dir, 'layout'))
})
after(async () => {
  podman?.close()
  await registry?.stop()
})

test('podman pushes each platform from its store, and what is served unpacks to the same layers', async () => {
  for (const architecture of architectures) {
    const id = image.platforms[architecture].config.slice(7)
    const variant = architecture === 'arm64' ? ['--variant', 'v8'] : []
    const pulled = await podman('pull', '-q', '--arch', architecture, ...variant, 'oci:layout:v1')
    assert.equal(pulled.trim(), id, 'an image is known by the digest of its config')
    const digestFile = join(podman.dir, `${architecture}.digest`)
    const to = `docker://${registry.host}/podman/debian:${architecture}`
    await podman('push', '-q', plain, '--digestfile', digestFile, id, to)
    const served = await assertImageServed(registry.wire, 'podman/debian', architecture, diffIds(image, architecture))
    assert.equal(served.digest, readFileSync(digestFile, 'utf8'))
    assert.equal(served.config, image.platforms[architecture].config)
  }
})

test('podman makes a list of both platforms and pushes it with all that it names', async () => {
  const digestFile = join(podman.dir, 'list.digest')
  await podman('manifest', 'create', 'list')
  for (const one of architectures) {
    await podman('manifest', 'add', plain, 'list', `docker://${registry.host}/podman/debian:${one}`)
  }
  const name = `${registry.host}/podman/list:v1`
  await podman('manifest', 'push', '--all', plain, '--digestfile', digestFile, 'list', `docker://${name}`)
  const top = await registry.wire.digestOf('/v2/podman/list/manifests/v1')
  assert.equal(top?.digest, readFileSync(digestFile, 'utf8'))
  const index = JSON.parse(await podman('manifest', 'inspect', name))
  assert.equal(index.manifests.length, 2)
  for (const child of index.manifests) {
    await assertImageServed(registry.wire, 'podman/list', child.digest, diffIds(image, child.platform.architecture))
  }
})

test('podman pulls back the same image into an empty store, by tag and by digest', async () => {
  await podman('manifest', 'rm', 'list')
  await podman('rmi', '--all', '--force')
  const amd64 = image.platforms.amd64.config.slice(7)
  const arm64 = image.platforms.arm64.config.slice(7)
  assert.equal((await podman('pull', '-q', plain, `${registry.host}/podman/debian:amd64`)).trim(), amd64)
  const list = await registry.wire.digestOf('/v2/podman/list/manifests/v1')
  const byDigest = `${registry.host}/podman/list@${list?.digest}`
  const pulled = await podman('pull', '-q', plain, '--arch', 'arm64', '--variant', 'v8', byDigest)
  assert.equal(pulled.trim(), arm64)
  const seen = JSON.parse(await podman('image', 'inspect', arm64))
  assert.deepEqual(seen[0].RootFS.Layers, diffIds(image, 'arm64'))
})

test('podman lists tags and searches the catalog', async () => {
  const table = await podman('search', '--list-tags', plain, `${registry.host}/podman/debian`)
  const tags = table.trim().split('\n').slice(1)
  assert.deepEqual(
    tags.map(line => line.split(/\s+/)[1]),
    ['amd64', 'arm64'],
  )
  const found = await podman('search', plain, '--format', '{{.Name}}', `${registry.host}/podman`)
  assert.deepEqual(found.trim().split('\n').sort(), [`${registry.host}/podman/debian`, `${registry.host}/podman/list`])
})
