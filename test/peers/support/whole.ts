import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ACCEPT, type Wire } from './client.ts'
import { type Descriptor, sha256 } from './digest.ts'
import { blobPath, type Image } from './image.ts'

/** Every manifest and blob of the image is served from the repository, byte for byte, and by the tag. */
export async function assertServed(wire: Wire, repository: string, tag: string, image: Image): Promise<void> {
  const top = await wire.digestOf(`/v2/${repository}/manifests/${tag}`)
  assert.equal(top?.digest, image.index.digest, `${repository}:${tag}`)
  for (const digest of image.manifests) {
    const served = await wire.digestOf(`/v2/${repository}/manifests/${digest}`)
    assert.equal(served?.digest, digest)
  }
  for (const digest of image.blobs) {
    const served = await wire.digestOf(`/v2/${repository}/blobs/${digest}`)
    assert.equal(served?.digest, digest)
  }
}

/** A folder of files named by their sha256 holds every one of these, byte for byte. */
export function assertHeld(
  folder: string,
  digests: readonly string[],
  name: (hex: string) => string = hex => hex,
): void {
  for (const digest of digests) {
    const hex = digest.slice('sha256:'.length)
    const bytes = readFileSync(join(folder, name(hex)))
    assert.equal(createHash('sha256').update(bytes).digest('hex'), hex, `${folder}/${name(hex)}`)
  }
  assert.ok(readdirSync(folder).length >= digests.length)
}

/** The digests of an image's layers once unpacked, as its config states them. */
export function diffIds(image: Image, architecture: string): string[] {
  const { config } = architecture === 'amd64' ? image.platforms.amd64 : image.platforms.arm64
  return JSON.parse(readFileSync(blobPath(image.layout, config), 'utf8')).rootfs.diff_ids
}

/**
 * An image that a client packed again: each layer is what its descriptor says, and unpacks to the
 * layer of the original.
 */
export async function assertImageServed(
  wire: Wire,
  repository: string,
  reference: string,
  layers: readonly string[],
): Promise<{ digest: string; config: string }> {
  const response = await wire.request(`/v2/${repository}/manifests/${reference}`, { headers: { accept: ACCEPT } })
  assert.equal(response.status, 200, `${repository}:${reference}`)
  const body = await response.text()
  const manifest: { config: Descriptor; layers: Descriptor[] } = JSON.parse(body)
  const config = await wire.digestOf(`/v2/${repository}/blobs/${manifest.config.digest}`)
  assert.deepEqual(config, { digest: manifest.config.digest, size: manifest.config.size })
  const unpacked: string[] = []
  for (const layer of manifest.layers) {
    const blob = await wire.request(`/v2/${repository}/blobs/${layer.digest}`)
    const bytes = Buffer.from(await blob.arrayBuffer())
    assert.equal(sha256(bytes), layer.digest)
    unpacked.push(sha256(layer.mediaType.endsWith('gzip') ? gunzipSync(bytes) : bytes))
  }
  assert.deepEqual(unpacked, layers)
  return { digest: sha256(body), config: manifest.config.digest }
}
