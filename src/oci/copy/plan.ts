import type { FetchedManifest } from '../client/manifests.ts'
import type { Descriptor } from '../descriptor.ts'
import { ManifestInvalid } from '../descriptor.ts'
import type { Digest } from '../digest.ts'
import { isForeignLayer } from '../media-types.ts'
import type { Blob, Source } from './ends.ts'

/** All that one name stands for, each thing once. */
export type Plan = {
  readonly root: FetchedManifest
  /** Parts before what they are parts of. */
  readonly manifests: readonly (FetchedManifest & { readonly top: boolean })[]
  readonly blobs: readonly (Blob & { readonly mediaType: string })[]
}

// An index of indexes of indexes has never been seen; what is deeper or larger is made to exhaust us.
const deepest = 8
const mostManifests = 10_000
const mostBytes = 64 * 1024 * 1024

type Walk = {
  source: Source
  signal: AbortSignal | undefined
  manifests: Map<Digest, FetchedManifest & { top: boolean }>
  bytes: number
}

/** Reads the manifests that `name` leads to, and lists their blobs. */
export async function planCopy(
  source: Source,
  name: string | undefined,
  options: { referrers?: boolean; signal?: AbortSignal | undefined },
): Promise<Plan> {
  const walk: Walk = { source, signal: options.signal, manifests: new Map(), bytes: 0 }
  const root = await source.manifest(name, options.signal)
  await visit(walk, root, 0, true)
  if (options.referrers) await visitReferrers(walk)
  const manifests = [...walk.manifests.values()]
  const blobs = new Map<Digest, Descriptor>()
  for (const { manifest } of manifests) {
    for (const blob of [...(manifest.config ? [manifest.config] : []), ...manifest.layers]) {
      // Its maker forbids to pass it on: clients fetch it from the maker's own address.
      if (!isForeignLayer(blob.mediaType)) blobs.set(blob.digest, blob)
    }
  }
  return { root, manifests, blobs: [...blobs.values()] }
}

async function visit(walk: Walk, found: FetchedManifest, depth: number, top: boolean): Promise<void> {
  if (walk.manifests.has(found.digest)) return
  if (depth > deepest) throw ManifestInvalid(`its indexes are nested deeper than ${deepest} levels`)
  walk.bytes += found.size
  if (walk.manifests.size >= mostManifests || walk.bytes > mostBytes) {
    throw ManifestInvalid(`it leads to more than ${mostManifests} manifests or ${mostBytes} bytes of them`)
  }
  for (const child of found.manifest.manifests) {
    if (!walk.manifests.has(child.digest))
      await visit(walk, await walk.source.manifest(child.digest, walk.signal), depth + 1, false)
  }
  walk.manifests.set(found.digest, { ...found, top })
}

// Referrers of referrers too: the map grows while it is walked, and gives the new ones as well.
async function visitReferrers(walk: Walk): Promise<void> {
  for (const subject of walk.manifests.keys()) {
    for await (const { digest } of walk.source.referrers(subject, walk.signal)) {
      if (!walk.manifests.has(digest)) await visit(walk, await walk.source.manifest(digest, walk.signal), 0, true)
    }
  }
}
