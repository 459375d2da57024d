import { BytesDiffer } from '../client/failures.ts'
import type { FetchedManifest } from '../client/manifests.ts'
import type { BlobStart } from '../client/pull-blob.ts'
import type { Blob, NewManifest, Source, Target } from '../copy/ends.ts'
import type { Descriptor } from '../descriptor.ts'
import { type Digest, digestAlgorithm, digestHex, digestOf, hasher, isDigest } from '../digest.ts'
import { readFields } from '../fields.ts'
import { manifestLimits, parseManifest, referrerDescriptor } from '../manifest.ts'
import { isManifest } from '../media-types.ts'
import { LayoutInvalid, LayoutMissing, LayoutUnknown } from './failures.ts'
import type { Files } from './files.ts'
import { type Entry, nameOf, readIndex, writeEntry } from './index-file.ts'
import { saveBlob } from './save-blob.ts'

/** An OCI layout on disk (image-layout.md), to read and to write. Nothing in it is believed without its digest. */
export type Layout = Source & Target & { entries(): Promise<readonly Entry[]> }

const marker = { imageLayoutVersion: '1.0.0' }

export async function isLayout(files: Files): Promise<boolean> {
  const bytes = await files.read('oci-layout', 4096)
  if (!bytes) return false
  const refuse = (why: string) => LayoutInvalid(files.name, `oci-layout: ${why}`)
  return readFields(bytes, { bytes: 4096, depth: 4 }, refuse).imageLayoutVersion === marker.imageLayoutVersion
}

export async function openLayout(files: Files): Promise<Layout> {
  if (!(await isLayout(files))) throw LayoutMissing(files.name)
  return layoutOf(files)
}

/** The layout in a folder, begun where there is none yet. */
export async function createLayout(files: Files): Promise<Layout> {
  if (!(await isLayout(files))) await files.replace('oci-layout', Buffer.from(JSON.stringify(marker)))
  return layoutOf(files)
}

/** A digest has nothing but letters and digits, so this path cannot lead out of the folder. */
export function blobPath(digest: Digest): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`
}

function layoutOf(files: Files): Layout {
  // One change of index.json after the other.
  let turn: Promise<unknown> = Promise.resolve()

  const manifest = async (name: string | undefined): Promise<FetchedManifest> => {
    const entries = await readIndex(files)
    const wanted = name !== undefined && isDigest(name) ? name : pick(files, entries, name).digest
    const bytes = await files.read(blobPath(wanted), manifestLimits.bytes)
    if (!bytes) throw LayoutInvalid(files.name, `manifest ${wanted} is missing`)
    const got = digestOf(bytes, digestAlgorithm(wanted))
    if (got !== wanted) throw BytesDiffer(files.name, wanted, `its bytes are ${got}`)
    const said = entries.find(entry => entry.digest === wanted)?.mediaType
    const read = parseManifest(bytes, said)
    return { digest: wanted, mediaType: read.mediaType, size: bytes.length, bytes, manifest: read }
  }

  return {
    entries: () => readIndex(files),
    manifest,
    blob: (blob, from, signal) => verified(files, blob, from, signal),

    async *referrers(digest) {
      for (const entry of await readIndex(files)) {
        if (!isManifest(entry.mediaType)) continue
        const found = await manifest(entry.digest)
        if (found.manifest.subject?.digest === digest)
          yield referrerDescriptor(found.manifest, found.digest, found.size)
      }
    },

    putBlob: (blob, open, options) => saveBlob(files, blobPath(blob.digest), blob, open, options),

    async putManifest({ bytes, mediaType, digest, tag, top }: NewManifest) {
      await files.replace(blobPath(digest), bytes)
      if (!top) return
      const entry = { mediaType, digest, size: bytes.length }
      turn = turn.then(() => writeEntry(files, entry, tag))
      await turn
    },
  }
}

function pick(files: Files, entries: readonly Entry[], name: string | undefined): Descriptor {
  const found = entries.filter(entry => name === undefined || nameOf(entry) === name)
  const [one, ...others] = found
  const names = entries.map(entry => nameOf(entry) ?? entry.digest)
  if (!one || (name === undefined && others.length > 0)) throw LayoutUnknown(files.name, name, names)
  return one
}

async function* verified(
  files: Files,
  blob: Blob,
  from: BlobStart,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const size = await files.size(blobPath(blob.digest))
  if (size === undefined) throw LayoutInvalid(files.name, `blob ${blob.digest} is missing`)
  if (size !== blob.size) throw BytesDiffer(files.name, blob.digest, `it has ${size} bytes, not ${blob.size}`)
  const hash = from.hash ?? (from.at === 0 ? hasher(digestAlgorithm(blob.digest)) : undefined)
  for await (const chunk of files.stream(blobPath(blob.digest), from.at, signal)) {
    hash?.update(chunk)
    yield chunk
  }
  const got = hash?.digest()
  if (got && got !== blob.digest) throw BytesDiffer(files.name, blob.digest, `its bytes are ${got}`)
}
