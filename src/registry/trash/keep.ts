import { type Hlc, sql, type Tx } from '../../kernel/index.ts'
import type { ManifestDeletion, TagDeletion, ToTrash } from '../content/change.ts'

/**
 * Puts what is needed to push the manifest again into the trash. To be called before any of its rows go:
 * what a deletion takes away from the live content it takes away all the same.
 */
export async function trashManifest(tx: Tx, change: ManifestDeletion, hlc: Hlc): Promise<void> {
  const { registryId, repository, digest, deletion = hlc, trash } = change
  if (!isKept(trash)) return
  await keepTerms(tx, change, trash)
  const now = tx.clock.now()
  await tx.run(sql`insert into trash_manifest (registry_id, repository, digest, media_type, artifact_type, subject, size,
      described, architecture, os, deletion, deleted_at, deleted_by, body)
    select m.registry_id, m.repository, m.digest, m.media_type, m.artifact_type, m.subject, m.size,
      coalesce(d.described, 0), coalesce(d.architecture, ''), coalesce(d.os, ''), cast(${deletion} as text),
      cast(${now} as bigint), cast(${trash.by} as text), m.body
    from manifest m left join manifest_detail d
      on d.registry_id = m.registry_id and d.repository = m.repository and d.digest = m.digest
    where m.registry_id = ${registryId} and m.repository = ${repository} and m.digest = ${digest}`)
  await tx.run(sql`insert into trash_blob (registry_id, repository, digest, blob)
    select r.registry_id, r.repository, r.digest, r.target from manifest_reference r join repository_blob b
      on b.registry_id = r.registry_id and b.repository = r.repository and b.digest = r.target
    where r.registry_id = ${registryId} and r.repository = ${repository} and r.digest = ${digest}`)
  await tx.run(sql`insert into trash_parent (registry_id, repository, digest, parent)
    select registry_id, repository, target, digest from manifest_reference
    where registry_id = ${registryId} and repository = ${repository} and target = ${digest}`)
}

/** The tags that go with a manifest, those of before its deletion. */
export async function trashTagsOf(tx: Tx, change: ManifestDeletion, hlc: Hlc): Promise<void> {
  const { registryId, repository, digest, deletion = hlc, trash } = change
  if (!isKept(trash)) return
  await keepTerms(tx, change, trash)
  await tx.run(sql`insert into trash_tag
      (registry_id, repository, name, digest, tagged_at, deletion, deleted_at, deleted_by)
    select registry_id, repository, name, digest, updated_at, cast(${deletion} as text),
      cast(${tx.clock.now()} as bigint), cast(${trash.by} as text) from tag
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest} and hlc < ${hlc}`)
}

/** The same for a tag that goes alone. */
export async function trashTag(tx: Tx, change: TagDeletion, hlc: Hlc): Promise<void> {
  const { registryId, repository, tag, deletion = hlc, trash } = change
  if (!isKept(trash)) return
  await keepTerms(tx, change, trash)
  await tx.run(sql`insert into trash_tag
      (registry_id, repository, name, digest, tagged_at, deletion, deleted_at, deleted_by)
    select registry_id, repository, name, digest, updated_at, cast(${deletion} as text),
      cast(${tx.clock.now()} as bigint), cast(${trash.by} as text) from tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}`)
}

function isKept(trash: ToTrash | undefined): trash is ToTrash {
  return trash !== undefined && trash.trashFor > 0
}

// The days are those of the first deletion, until the job that empties the trash learns of others.
async function keepTerms(tx: Tx, change: ManifestDeletion | TagDeletion, { trashFor }: ToTrash): Promise<void> {
  const { registryId, repository, deletion = '' } = change
  await tx.run(sql`insert into trash_repository (registry_id, repository, keep_for, deletion)
    values (${registryId}, ${repository}, ${trashFor}, ${deletion})
    on conflict (registry_id, repository) do update set deletion = excluded.deletion
    where excluded.deletion > trash_repository.deletion`)
}
