import { type BlobKey, type BlobStore, type ReadTx, readAll, type Store, sql } from '../../kernel/index.ts'
import { type Digest, type ImagePlatform, readImagePlatform } from '../../oci/index.ts'
import { findStored } from '../read/stored.ts'
import type { RepoRef } from './change.ts'
import { describeManifest } from './detail.ts'
import { manifestFacts } from './manifest-facts.ts'

type Parts = { store: Store; blobs: BlobStore }
type Undescribed = RepoRef & { digest: Digest }

const PAGE = 100
// Configs have kilobytes; one of more is no text that names a platform.
const CONFIG_BYTES = 4 * 1024 * 1024
const UNSAID: ImagePlatform = { architecture: '', os: '' }

/** What the config says that the image runs on; undefined where it is not here (yet). */
export async function readPlatform(
  { read, blobs }: { read: ReadTx; blobs: BlobStore },
  { registryId, repository }: RepoRef,
  config: Digest,
): Promise<ImagePlatform | undefined> {
  const row = await read.one<{ blob_key: BlobKey; size: number }>(sql`select blob_key, size from repository_blob
    where registry_id = ${registryId} and repository = ${repository} and digest = ${config}`)
  if (!row) return undefined
  if (row.size > CONFIG_BYTES) return UNSAID
  const source = await blobs.open(row.blob_key)
  return source && readImagePlatform(await readAll(source, CONFIG_BYTES))
}

/** Whether nothing is left to find out about a manifest that was pushed before. */
export async function isDescribed(read: ReadTx, { registryId, repository }: RepoRef, digest: Digest): Promise<boolean> {
  const row = await read.one<{ described: number }>(sql`select described from manifest_detail
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  return row?.described === 1
}

/** Manifests of which no more than their times is known: those of the first version, and the rare one whose config came late. */
export async function describeManifests(parts: Parts, signal?: AbortSignal): Promise<void> {
  const { read } = parts.store
  for (let left = true; left && !signal?.aborted; ) {
    const page = await read.all<Undescribed>(sql`select registry_id as "registryId", repository, digest
      from manifest_detail where described = 0 order by registry_id, repository, digest limit ${PAGE}`)
    for (const one of page) if (!signal?.aborted) await describeOne(parts, one)
    left = page.length === PAGE
  }
}

async function describeOne({ store, blobs }: Parts, one: Undescribed): Promise<void> {
  const { registryId, repository, digest } = one
  const stored = await findStored(store.read, one, digest)
  if (!stored) return
  const facts = manifestFacts(stored.bytes, stored.mediaType, digest, stored.bytes.length)
  const config = facts.imageConfig
  const platform = config === '' ? UNSAID : await readPlatform({ read: store.read, blobs }, one, config)
  await store.write(describeManifest, {
    registryId,
    repository,
    digest,
    facts: { ...facts, platform: platform ?? UNSAID },
  })
}
