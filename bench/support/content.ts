import { randomBytes } from 'node:crypto'
import { Wire } from '../../test/peers/support/client.ts'
import { OCI, sha256 } from '../../test/peers/support/digest.ts'
import { REPOSITORY, type Server } from './servers.ts'

/** Bytes and where they are served. */
export type Content = { path: string; type: string; digest: string; bytes: Buffer }

export function blob(size: number): Content {
  const bytes = randomBytes(size)
  const digest = sha256(bytes)
  return { path: `/v2/${REPOSITORY}/blobs/${digest}`, type: 'application/octet-stream', digest, bytes }
}

const layers = Array.from({ length: 8 }, () => blob(100))

/** A manifest as an image of eight layers has it, about 1.6 kB. */
export function manifest(tag = 'latest'): Content {
  const describe = (mediaType: string) => (one: Content) => ({ mediaType, digest: one.digest, size: one.bytes.length })
  const [config] = layers.map(describe(OCI.config))
  const value = { schemaVersion: 2, mediaType: OCI.manifest, config, layers: layers.map(describe(OCI.layerGzip)) }
  const bytes = Buffer.from(JSON.stringify(value))
  return { path: `/v2/${REPOSITORY}/manifests/${tag}`, type: OCI.manifest, digest: sha256(bytes), bytes }
}

export async function pushBlob(server: Server, content: Content): Promise<void> {
  const wire = new Wire(server.url)
  Object.assign(wire.headers, await server.headers())
  await wire.pushBlob(REPOSITORY, content.bytes, content.digest)
}

export async function pushManifest(server: Server, content: Content): Promise<void> {
  const wire = new Wire(server.url)
  Object.assign(wire.headers, await server.headers())
  for (const layer of layers) await wire.pushBlob(REPOSITORY, layer.bytes)
  const tag = content.path.slice(content.path.lastIndexOf('/') + 1)
  await wire.putManifest(REPOSITORY, tag, JSON.parse(content.bytes.toString()))
}
