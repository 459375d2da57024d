import { Failure, HashMismatch, type Store } from '../../kernel/index.ts'
import { type Blob, digestAlgorithm, type OpenBlob, type Outcome } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { UploadUnknown } from '../failures.ts'
import type { Registry } from '../registry.ts'
import { nodeOf } from '../uploads/uploads.ts'
import { BlobOversized } from './failures.ts'
import type { Import, ImportRef } from './import.ts'
import { uploadOf, uploadsOf } from './rows.ts'
import type { Tally } from './tally.ts'
import { imports } from './writes.ts'

type Parts = { registry: Registry; store: Store; tally: Tally }
type Options = { open: OpenBlob; onBytes?: (at: number) => void }

/** Not at all where it is here; else by linking it; else from the source, from where an earlier try was cut off. */
export async function bringBlob(parts: Parts, one: Import, blob: Blob, options: Options): Promise<Outcome> {
  const { registry } = parts
  const repo: RepoRef = one
  const held = await registry.statBlob(repo, blob.digest)
  // False: it went between the two.
  if (held && (await registry.keepBlob(repo, blob.digest, held)) !== false) return 'present'
  if (one.mayMount && (await registry.mountBlob(repo, undefined, blob.digest, () => true))) return 'mounted'
  const most = registry.limits.blobBytes
  if (blob.size > most) throw BlobOversized(blob.digest, blob.size, most)
  const begun = await beginning(parts, one, blob)
  if (begun && (await fetchRest(parts, one, blob, { ...options, ...begun }))) return 'sent'
  const { id } = await registry.startUpload(repo, digestAlgorithm(blob.digest))
  await parts.store.write(imports.keepUpload, { ...refOf(one), digest: blob.digest, uploadId: id })
  await fetchRest(parts, one, blob, { ...options, id, at: 0 })
  return 'sent'
}

type Upload = { readonly id: string; readonly at: number }

/** False where what an earlier try left was not the blob's beginning: it is gone, and the whole is to be fetched. */
async function fetchRest(parts: Parts, one: Import, blob: Blob, { id, at, open, onBytes }: Options & Upload) {
  const { registry, tally, store } = parts
  const repo: RepoRef = one
  async function* counted() {
    let reached = at
    for await (const chunk of open({ at })) {
      reached += chunk.length
      tally.fetched(chunk.length)
      onBytes?.(reached)
      yield chunk
    }
  }
  try {
    await registry.appendUpload(repo, id, counted())
    await registry.finishUpload(repo, id, blob.digest)
    await store.write(imports.forgetUpload, { ...refOf(one), uploadId: id })
    return true
  } catch (error) {
    const differs = error instanceof Failure && (error.is(HashMismatch) || error.code === 'OCI_BYTES_DIFFER')
    if (!differs) throw error
    await dropUpload(registry, repo, id)
    await store.write(imports.forgetUpload, { ...refOf(one), uploadId: id })
    if (at === 0) throw error
    return false
  }
}

/** What an earlier try left on this node's disk. */
async function beginning({ registry, store }: Parts, one: Import, { digest }: Blob): Promise<Upload | undefined> {
  const id = await uploadOf(store.read, one, digest)
  // Two processes must not write to one upload.
  if (id === undefined || nodeOf(id) !== registry.node) return undefined
  try {
    return { id, at: (await registry.uploadStatus(one, id)).size }
  } catch (error) {
    if (error instanceof Failure && error.is(UploadUnknown)) return undefined
    throw error
  }
}

/** Once an import has ended: what is not whole goes. That of another node goes when it was idle for long enough. */
export async function dropUploads({ registry, store }: Omit<Parts, 'tally'>, one: ImportRef & RepoRef): Promise<void> {
  for (const uploadId of await uploadsOf(store.read, one)) {
    if (nodeOf(uploadId) === registry.node) await dropUpload(registry, one, uploadId)
    await store.write(imports.forgetUpload, { ...refOf(one), uploadId })
  }
}

async function dropUpload(registry: Registry, repo: RepoRef, id: string): Promise<void> {
  try {
    await registry.cancelUpload(repo, id)
  } catch (error) {
    // It became a blob, or the sweep was here first.
    if (!(error instanceof Failure && error.is(UploadUnknown))) throw error
  }
}

function refOf({ registryId, id }: ImportRef): ImportRef {
  return { registryId, id }
}
