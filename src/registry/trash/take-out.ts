import { sql, type Tx } from '../../kernel/index.ts'
import type { RepoRef, TagChange } from '../content/change.ts'

/**
 * What is live is not in the trash: pushed here again, restored, or pushed elsewhere. The indexes that listed the
 * manifest list it again, or a policy would take it for one that nothing needs.
 */
export async function takeManifestOut(tx: Tx, { registryId, repository, digest }: RepoRef & { digest: string }) {
  const taken = await tx.run(sql`delete from trash_manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (taken === 0) return
  const listed = await tx.run(sql`insert into manifest_reference (registry_id, repository, digest, target)
    select m.registry_id, m.repository, m.digest, p.digest from trash_parent p join manifest m
      on m.registry_id = p.registry_id and m.repository = p.repository and m.digest = p.parent
    where p.registry_id = ${registryId} and p.repository = ${repository} and p.digest = ${digest}
    on conflict (registry_id, repository, digest, target) do nothing`)
  if (listed > 0) {
    await tx.run(sql`update manifest_detail set held = 1
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  }
  await forgetReferences(tx, { registryId, repository, digest })
}

/** Another manifest that the tag led to stays in the trash. */
export async function takeTagOut(tx: Tx, { registryId, repository, tag, digest }: TagChange): Promise<void> {
  await tx.run(sql`delete from trash_tag where registry_id = ${registryId} and repository = ${repository}
    and name = ${tag} and digest = ${digest}`)
}

export async function forgetReferences(tx: Tx, { registryId, repository, digest }: RepoRef & { digest: string }) {
  await tx.run(sql`delete from trash_blob
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  await tx.run(sql`delete from trash_parent
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
}
