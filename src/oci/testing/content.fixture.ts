import type { NewManifest } from '../copy/ends.ts'
import { type Digest, digestOf } from '../digest.ts'
import { mediaTypes } from '../media-types.ts'

export type Content = { manifests: NewManifest[]; blobs: Map<Digest, Buffer>; root: NewManifest }

const described = (mediaType: string, bytes: Uint8Array) => ({ mediaType, digest: digestOf(bytes), size: bytes.length })
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

/** An index of two platforms that share a layer, and a signature of the index. */
export function sampleContent(seed: string): Content & { signature: NewManifest } {
  const blobs = new Map<Digest, Buffer>()
  const blob = (mediaType: string, bytes: Buffer) => {
    blobs.set(digestOf(bytes), bytes)
    return described(mediaType, bytes)
  }
  const manifest = (mediaType: string, body: object, top: boolean): NewManifest => {
    const bytes = json({ schemaVersion: 2, mediaType, ...body })
    return { bytes, mediaType, digest: digestOf(bytes), top }
  }
  const shared = blob(mediaTypes.ociLayerGzip, Buffer.alloc(20_000, `${seed} shared`))
  const images = ['amd64', 'arm64'].map(architecture => {
    const config = blob(mediaTypes.ociConfig, json({ architecture, os: 'linux', seed }))
    const own = blob(mediaTypes.ociLayerGzip, Buffer.alloc(5000, `${seed} ${architecture}`))
    const foreign = {
      mediaType: mediaTypes.dockerForeignLayer,
      digest: digestOf('elsewhere'),
      size: 9,
      urls: ['https://x.example/'],
    }
    return {
      platform: { architecture, os: 'linux' },
      manifest: manifest(mediaTypes.ociManifest, { config, layers: [shared, own, foreign] }, false),
    }
  })
  const manifests = images.map(({ platform, manifest: { bytes, mediaType } }) => ({
    ...described(mediaType, bytes),
    platform,
  }))
  const root = manifest(mediaTypes.ociIndex, { manifests }, true)
  const signed = blob('example/signature', Buffer.from(`${seed} signed`))
  const config = blob(mediaTypes.ociEmpty, Buffer.from('{}'))
  const subject = described(root.mediaType, root.bytes)
  const signature = manifest(
    mediaTypes.ociManifest,
    { artifactType: 'example/signature', config, layers: [signed], subject },
    true,
  )
  return { manifests: [...images.map(image => image.manifest), root], blobs, root, signature }
}
