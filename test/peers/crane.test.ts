import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { debianImage, type Image } from './support/image.ts'
import { run } from './support/process.ts'
import { type Registry, startRegistry } from './support/registry.ts'
import { goPeer } from './support/tools.ts'
import { assertHeld, assertServed } from './support/whole.ts'

let registry: Registry
let image: Image
let dir: string
let name: string

before(async () => {
  image = await debianImage()
  registry = await startRegistry()
  dir = mkdtempSync(join(tmpdir(), 'towpath-crane-'))
  name = `${registry.host}/crane/debian`
  await crane('auth', 'login', registry.host, '-u', registry.login.user, '-p', registry.login.password)
})
after(async () => {
  await registry?.stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

function crane(...args: string[]): Promise<string> {
  return run(goPeer('crane'), ['--insecure', ...args], {
    env: { ...process.env, DOCKER_CONFIG: dir, HOME: dir },
    cwd: dir,
  })
}

test('crane pushes a layout, validates it and gives its digest', async () => {
  const references = await crane('push', image.layout, `${name}:v1`, '--index')
  // A layout's own index.json wraps what it names: crane pushes the wrapper.
  const wrapper = references.trim().split('@')[1]
  assert.equal(wrapper, await digest(`${name}:v1`))
  await crane('tag', `${name}@${image.index.digest}`, 'image')
  assert.equal(await digest(`${name}:image`), image.index.digest)
  await assertServed(registry.wire, 'crane/debian', 'image', image)
  assert.match(await crane('validate', '--remote', `${name}:image`), /PASS/)
})

test('crane reads the manifest, the config and a blob as they were', async () => {
  const file = (one: string) => readFileSync(join(image.layout, 'blobs/sha256', one.slice(7)), 'utf8')
  assert.equal(await crane('manifest', `${name}:image`), file(image.index.digest))
  assert.equal(
    (await crane('config', '--platform', 'linux/arm64/v8', `${name}:image`)).trim(),
    file(image.platforms.arm64.config),
  )
  const [layer] = image.platforms.amd64.layers
  assert.ok(layer)
  const target = join(dir, 'layer')
  await run('sh', ['-c', '"$0" --insecure blob "$1" >"$2"', goPeer('crane'), `${name}@${layer}`, target], {
    env: { ...process.env, DOCKER_CONFIG: dir, HOME: dir },
  })
  assert.equal(`sha256:${createHash('sha256').update(readFileSync(target)).digest('hex')}`, layer)
})

test('crane copies to another repository by mounting, and pulls a layout back, byte for byte', async () => {
  await crane('copy', `${name}:image`, `${registry.host}/crane/copy:v1`)
  await assertServed(registry.wire, 'crane/copy', 'v1', image)
  const back = join(dir, 'back')
  await crane('pull', '--format', 'oci', `${registry.host}/crane/copy:v1`, back)
  assertHeld(join(back, 'blobs/sha256'), [...image.manifests, ...image.blobs])
})

test('crane appends a layer to what is there; the base is not uploaded again', async () => {
  writeFileSync(join(dir, 'cargo.txt'), 'carried by a barge\n')
  await run('tar', ['cf', 'cargo.tar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', 'cargo.txt'], {
    cwd: dir,
  })
  const base = `${name}@${image.platforms.amd64.manifest}`
  await crane('append', '-b', base, '-f', join(dir, 'cargo.tar'), '-t', `${registry.host}/crane/built:v1`)
  const manifest = JSON.parse(await crane('manifest', `${registry.host}/crane/built:v1`))
  const layers = manifest.layers.map((layer: { digest: string }) => layer.digest)
  assert.deepEqual(layers.slice(0, -1), image.platforms.amd64.layers)
  assert.match(await crane('validate', '--remote', `${registry.host}/crane/built:v1`), /PASS/)
})

test('crane lists repositories and tags, and deletes a manifest with its tags', async () => {
  assert.deepEqual(lines(await crane('catalog', registry.host)), ['crane/built', 'crane/copy', 'crane/debian'])
  assert.deepEqual(lines(await crane('ls', name)), ['image', 'v1'])
  await crane('delete', `${name}@${image.index.digest}`)
  assert.deepEqual(lines(await crane('ls', name)), ['v1'])
  await assert.rejects(crane('manifest', `${name}:image`), /MANIFEST_UNKNOWN/)
  await assertServed(registry.wire, 'crane/copy', 'v1', image)
})

async function digest(reference: string): Promise<string> {
  return (await crane('digest', reference)).trim()
}

function lines(text: string): string[] {
  return text.trim().split('\n')
}
