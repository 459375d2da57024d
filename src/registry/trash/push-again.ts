import { type BlobKey, type Ms, sql, type Tx } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef, TagChange } from '../content/change.ts'
import { putContent } from '../content/put-content.ts'
import type { ContentFrom } from '../content/record-content.ts'
import { lockAgainst } from '../locks/locks.ts'
import type { Immutable } from '../policies/immutable.ts'
import type { Part } from './plan.ts'

/**
 * `keepFor`: how long a blob may wait for its manifest, ms. `force`: tags move that are in use. `immutable`: those that
 * policies forbid to move all the same.
 */
export type Restoring = RepoRef & { from: ContentFrom; keepFor: Ms; force: boolean; immutable: readonly Immutable[] }

/** Ordinary pushes in the caller's transaction, with stamps of their own: that is how other regions hear of them. */
export async function pushAgain(tx: Tx, restoring: Restoring, parts: readonly Part[], tagged?: Digest): Promise<void> {
  for (const part of parts) {
    await linkBlobs(tx, restoring, part.digest)
    const { registryId, repository, from } = restoring
    const { digest, bytes, facts } = part
    const told = { request: from.request, tagged: digest === tagged }
    await putContent(tx, { kind: 'manifest', registryId, repository, digest, bytes, facts }, from.region, told)
  }
}

/** The bytes are the registry's still; the repository gets its link to them back. */
async function linkBlobs(tx: Tx, { registryId, repository, from, keepFor }: Restoring, digest: Digest): Promise<void> {
  type Kept = { digest: Digest; key: BlobKey; size: number }
  const blobs = await tx.all<Kept>(sql`select b.digest, b.blob_key as "key", b.size
    from trash_blob t join blob b on b.registry_id = t.registry_id and b.digest = t.blob
    where t.registry_id = ${registryId} and t.repository = ${repository} and t.digest = ${digest} and not exists (
      select 1 from repository_blob l where l.registry_id = t.registry_id and l.repository = t.repository
      and l.digest = t.blob)
    order by b.digest`)
  for (const blob of blobs) {
    await putContent(tx, { kind: 'blob', registryId, repository, ...blob, keepFor }, from.region, {
      request: from.request,
    })
  }
}

/** False where the name is in use and not to be forced, or locked, or immutable. */
export async function tagAgain(tx: Tx, restoring: Restoring, tag: string, digest: Digest): Promise<boolean> {
  const { registryId, repository, from, force, immutable } = restoring
  const change: TagChange = { kind: 'tag', registryId, repository, tag, digest, immutable }
  if (!force && (await isInUse(tx, change))) return false
  if (await lockAgainst(tx, change)) return false
  type Told = { size: number; media_type: string; config_media_type: string }
  const row = await tx.one<Told>(sql`select m.size, m.media_type, d.config_media_type
    from manifest m join manifest_detail d
      on d.registry_id = m.registry_id and d.repository = m.repository and d.digest = m.digest
    where m.registry_id = ${registryId} and m.repository = ${repository} and m.digest = ${digest}`)
  const manifest = row && { size: row.size, mediaType: row.media_type, configMediaType: row.config_media_type }
  const told = { request: from.request, ...(manifest ? { manifest } : {}) }
  await putContent(tx, change, from.region, told)
  return true
}

async function isInUse(tx: Tx, { registryId, repository, tag, digest }: TagChange): Promise<boolean> {
  const held = await tx.one<{ digest: string }>(sql`select digest from tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}`)
  return held !== undefined && held.digest !== digest
}
