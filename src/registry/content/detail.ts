import { sql, type Tx, write } from '../../kernel/index.ts'
import type { ManifestChange, ManifestFacts, RepoRef } from './change.ts'

type Described = RepoRef & { digest: string; facts: ManifestFacts }

/** After what the manifest refers to was recorded: its size is the sum of that. */
export async function insertDetail(tx: Tx, change: ManifestChange): Promise<void> {
  const { registryId, repository, digest, facts } = change
  const now = tx.clock.now()
  // Its tags come after it.
  await tx.run(sql`insert into manifest_detail (registry_id, repository, digest, media_type, created_at, updated_at,
      untagged_at, held, described, image_size, config_media_type, architecture, os)
    values (${registryId}, ${repository}, ${digest}, ${facts.mediaType}, ${now}, ${now}, ${now},
      (select count(*) from manifest where registry_id = ${registryId} and repository = ${repository}
        and digest = ${facts.subject}), 0, 0, '', '', '')`)
  // A config that was not there to be read is read in the background.
  if (facts.platform || facts.imageConfig === '') await describe(tx, change)
}

/** Pushed again: what has no tag waits as long again. */
export async function renewDetail(tx: Tx, { registryId, repository, digest }: ManifestChange): Promise<void> {
  const now = tx.clock.now()
  await tx.run(sql`update manifest_detail set updated_at = ${now},
      untagged_at = case when untagged_at > 0 then cast(${now} as bigint) else 0 end
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
}

/** What is known of it once its config was read; nothing where the manifest is gone. */
export const describeManifest = write('registry.describe-manifest', async (tx, one: Described): Promise<null> => {
  await describe(tx, one)
  return null
})

// The bytes that the repository holds of it, each once: what a manifest says of sizes nobody has checked.
async function describe(tx: Tx, { registryId, repository, digest, facts }: Described): Promise<void> {
  const { architecture, os } = facts.platform ?? { architecture: '', os: '' }
  const sizes = await tx.one<{ blobs: number; manifests: number }>(sql`select
    (select cast(coalesce(sum(b.size), 0) as bigint) from manifest_reference r join repository_blob b
      on b.registry_id = r.registry_id and b.repository = r.repository and b.digest = r.target
      where r.registry_id = ${registryId} and r.repository = ${repository} and r.digest = ${digest}) as blobs,
    (select cast(coalesce(sum(m.size), 0) as bigint) from manifest_reference r join manifest m
      on m.registry_id = r.registry_id and m.repository = r.repository and m.digest = r.target
      where r.registry_id = ${registryId} and r.repository = ${repository} and r.digest = ${digest}) as manifests`)
  const size = (sizes?.blobs ?? 0) + (sizes?.manifests ?? 0)
  await tx.run(sql`update manifest_detail set described = 1, image_size = ${size},
    config_media_type = ${facts.configMediaType}, architecture = ${architecture}, os = ${os}
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
}
