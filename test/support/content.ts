import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import type { Platform } from './platform.ts'

const OCI = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar'

export type Descriptor = { mediaType: string; digest: string; size: number }
type Image = {
  config?: unknown
  configType?: string
  layers?: readonly string[]
  layerType?: string
  subject?: Descriptor
  artifactType?: string
  annotations?: Record<string, string>
}

/** Pushes as admin, as a client does. `host`: of the registry that is meant; else all that no other has. `at`: of a region. */
export function pusher(platform: Platform, host = platform.registry, at = platform.registry) {
  const [hostname = '', port = ''] = at.split(':')
  const authorization = `Basic ${Buffer.from(`admin:${platform.adminPassword}`).toString('base64')}`

  async function send(method: string, path: string, body: string, type: string): Promise<void> {
    const headers = { authorization, host, 'content-type': type, 'content-length': Buffer.byteLength(body) }
    const status = await new Promise((done, fail) => {
      const asked = request({ hostname, port, path, method, headers }, answer => {
        answer.resume().on('end', () => done(answer.statusCode))
      })
      asked.on('error', fail).end(body)
    })
    assert.equal(status, 201, `${method} ${path}`)
  }

  async function blob(repository: string, content: string, mediaType: string): Promise<Descriptor> {
    const one = { mediaType, ...named(content) }
    await send('POST', `/v2/${repository}/blobs/uploads/?digest=${one.digest}`, content, 'application/octet-stream')
    return one
  }

  /** Without a tag it goes by its digest. */
  async function manifest<T extends { mediaType: string }>(repository: string, tag: string, value: T) {
    const text = JSON.stringify(value)
    const one = { mediaType: value.mediaType, ...named(text) }
    await send('PUT', `/v2/${repository}/manifests/${tag || one.digest}`, text, value.mediaType)
    return one
  }

  return {
    async image(repository: string, tag: string, image: Image = {}): Promise<Descriptor> {
      const { config = {}, configType = CONFIG, layers = [], layerType = LAYER, ...rest } = image
      const parts: Descriptor[] = []
      for (const layer of layers) parts.push(await blob(repository, layer, layerType))
      const described = await blob(repository, JSON.stringify(config), configType)
      const value = { schemaVersion: 2, mediaType: OCI, config: described, layers: parts, ...rest }
      return manifest(repository, tag, value)
    },

    index(repository: string, tag: string, manifests: readonly (Descriptor & { platform?: unknown })[]) {
      const value = { schemaVersion: 2, mediaType: INDEX, manifests }
      return manifest(repository, tag, value)
    },
  }
}

function named(text: string) {
  return { digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, size: Buffer.byteLength(text) }
}
