import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ContainerTool, containerTool } from './support/containers.ts'
import { debianImage, type Image } from './support/image.ts'
import { type Registry, startRegistry } from './support/registry.ts'
import { assertImageServed, diffIds } from './support/whole.ts'

let registry: Registry
let buildah: ContainerTool
let image: Image
const plain = '--tls-verify=false'

before(async () => {
  image = await debianImage()
  registry = await startRegistry()
  buildah = containerTool('buildah', registry.host, registry.login)
})
after(async () => {
  buildah?.close()
  await registry?.stop()
})

test('buildah pushes both platforms as one list', async () => {
  await buildah('manifest', 'create', 'list')
  await buildah('manifest', 'add', '--all', 'list', `oci:${image.layout}:v1`)
  const digestFile = join(buildah.dir, 'list.digest')
  const name = `${registry.host}/buildah/list:v1`
  await buildah('manifest', 'push', '--all', plain, '--digestfile', digestFile, 'list', `docker://${name}`)
  const top = await registry.wire.digestOf('/v2/buildah/list/manifests/v1')
  assert.equal(top?.digest, readFileSync(digestFile, 'utf8'))
  const index = JSON.parse(await buildah('manifest', 'inspect', name))
  for (const child of index.manifests) {
    const served = await assertImageServed(
      registry.wire,
      'buildah/list',
      child.digest,
      diffIds(image, child.platform.architecture),
    )
    const platform = child.platform.architecture === 'amd64' ? image.platforms.amd64 : image.platforms.arm64
    assert.equal(served.config, platform.config)
  }
})

test('buildah pulls, builds a layer on top without running anything, and pushes; only the layer is new', async () => {
  const base = (
    await buildah('pull', '-q', plain, '--arch', 'amd64', `docker://${registry.host}/buildah/list:v1`)
  ).trim()
  assert.equal(base, image.platforms.amd64.config.slice(7))
  const container = (await buildah('from', '--pull-never', base)).trim()
  writeFileSync(join(buildah.dir, 'cargo.txt'), 'carried by a barge\n')
  await buildah('copy', container, join(buildah.dir, 'cargo.txt'), '/srv/cargo.txt')
  await buildah('config', '--label', 'org.example.cargo=barge', container)
  const id = (await buildah('commit', '-q', container, 'cargo')).trim()
  const digestFile = join(buildah.dir, 'built.digest')
  await buildah('push', '-q', plain, '--digestfile', digestFile, id, `docker://${registry.host}/buildah/built:v1`)

  const seen = JSON.parse(await buildah('inspect', '--type', 'image', id))
  const layers: string[] = seen.OCIv1.rootfs.diff_ids
  assert.deepEqual(layers.slice(0, -1), diffIds(image, 'amd64'))
  const served = await assertImageServed(registry.wire, 'buildah/built', 'v1', layers)
  assert.equal(served.digest, readFileSync(digestFile, 'utf8'))
  assert.equal(served.config, `sha256:${id}`)

  await buildah('rm', container)
  await buildah('rmi', '--all', '--force')
  assert.equal((await buildah('pull', '-q', plain, `${registry.host}/buildah/built:v1`)).trim(), id)
})
