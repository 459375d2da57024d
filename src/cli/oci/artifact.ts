import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { failure } from '../../kernel/index.ts'
import {
  type Blob,
  type Digest,
  digestAlgorithm,
  digestOf,
  type FetchedManifest,
  hasher,
  mediaTypes,
  parseManifest,
  type Source,
  SourceChanged,
} from '../../oci/index.ts'
import { fileBytes, folderEntries, type Item } from './folder-files.ts'
import { packTar } from './tar.ts'

/** Annotations that ORAS reads and writes too. */
export const titleOf = 'org.opencontainers.image.title'
export const unpackMark = 'io.deis.oras.content.unpack'
const tarDigest = 'io.deis.oras.content.digest'

export const NothingToPush = failure('CLI_NOTHING_TO_PUSH', 400, () => ({
  says: 'There is nothing to push: the folder is empty',
  next: 'Put a file into it',
}))

type Options = { artifactType: string; annotations: Readonly<Record<string, string>>; signal?: AbortSignal | undefined }
type Layer = Blob & {
  mediaType: string
  annotations: Record<string, string>
  open(from: number): AsyncIterable<Uint8Array>
}

const empty = Buffer.from('{}')

/**
 * Files and folders as an OCI artifact: a file is a layer, a folder a layer of tar+gzip. The same files give the
 * same digest, so there is no time in it. Each is read twice: to hash it, and to send it; nothing is kept between.
 */
export async function artifactOf(items: readonly Item[], options: Options): Promise<Source> {
  if (items.length === 0) throw NothingToPush()
  const layers: Layer[] = []
  for (const item of items)
    layers.push(item.folder ? await folderLayer(item, options.signal) : await fileLayer(item, options.signal))
  const config = {
    mediaType: mediaTypes.ociEmpty,
    digest: digestOf(empty),
    size: empty.length,
    data: empty.toString('base64'),
  }
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: options.artifactType,
      config,
      layers: layers.map(({ mediaType, digest, size, annotations }) => ({ mediaType, digest, size, annotations })),
      ...(Object.keys(options.annotations).length === 0 ? {} : { annotations: options.annotations }),
    }),
  )
  const manifest = parseManifest(bytes, mediaTypes.ociManifest)
  const found: FetchedManifest = {
    digest: digestOf(bytes),
    mediaType: manifest.mediaType,
    size: bytes.length,
    bytes,
    manifest,
  }
  const byDigest = new Map<Digest, Layer>(layers.map(layer => [layer.digest, layer]))
  return {
    manifest: async () => found,
    async *referrers() {},
    blob(blob, { at }) {
      const layer = byDigest.get(blob.digest)
      return layer ? checked(layer, at) : only(empty.subarray(at))
    },
  }
}

async function fileLayer({ title, path }: Item, signal: AbortSignal | undefined): Promise<Layer> {
  const open = (from: number) => fileBytes(path, from, signal)
  return {
    ...(await measured(open(0))),
    mediaType: 'application/octet-stream',
    annotations: { [titleOf]: title },
    open,
  }
}

async function folderLayer({ title, path }: Item, signal: AbortSignal | undefined): Promise<Layer> {
  const tar = () => packTar(folderEntries(path, title))
  const plain = hasher()
  const tapped = async function* () {
    for await (const chunk of tar()) {
      plain.update(chunk)
      yield chunk
    }
  }
  const blob = await measured(gzipped(tapped(), signal))
  return {
    ...blob,
    mediaType: mediaTypes.ociLayerGzip,
    annotations: { [tarDigest]: plain.digest(), [unpackMark]: 'true', [titleOf]: title },
    // To go on in the middle it is made again from the start: that costs time, but no room on the disk.
    open: from => after(gzipped(tar(), signal), from),
  }
}

/** Gzip without what differs between systems: byte 9 names the system that packed it. */
async function* gzipped(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks, { objectMode: false, ...(signal ? { signal } : {}) })
  const gzip = createGzip({ level: 6, chunkSize: 256 * 1024 })
  source.on('error', error => gzip.destroy(error)).pipe(gzip)
  let first = true
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    if (first && chunk.length > 9) chunk[9] = 0xff
    first = false
    yield chunk
  }
}

async function measured(chunks: AsyncIterable<Uint8Array>): Promise<Blob> {
  const hash = hasher()
  let size = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    size += chunk.length
  }
  return { digest: hash.digest(), size }
}

// What is sent is hashed again: a file that somebody writes to is better found here than refused over there.
async function* checked(layer: Layer, at: number): AsyncGenerator<Uint8Array> {
  const hash = at === 0 ? hasher(digestAlgorithm(layer.digest)) : undefined
  let size = at
  for await (const chunk of layer.open(at)) {
    size += chunk.length
    if (size > layer.size) throw SourceChanged(layer.digest, `${layer.annotations[titleOf]} has become longer`)
    hash?.update(chunk)
    if (size === layer.size && hash && hash.digest() !== layer.digest) {
      throw SourceChanged(layer.digest, `${layer.annotations[titleOf]} has other bytes now`)
    }
    yield chunk
  }
}

async function* after(chunks: AsyncIterable<Uint8Array>, skip: number): AsyncGenerator<Uint8Array> {
  let left = skip
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left)
    left = Math.max(0, left - chunk.length)
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
