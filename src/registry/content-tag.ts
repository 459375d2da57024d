import { sql, type Tx } from '../kernel/index.ts'
import type { Merged, TagChange, TagDeletion } from './content-change.ts'
import { ManifestUnknown } from './failures.ts'
import { bury, type Place, settleStamp, unbury } from './stamp.ts'

/** Last writer wins by stamp. The manifest must be in the repository. */
export async function putTag(tx: Tx, change: TagChange): Promise<Merged> {
  const { registryId, repository, tag, digest } = change
  const place: Place = { registryId, repository, kind: 'tag', name: tag }
  const hlc = await settleStamp(tx, place, change.hlc)
  if (hlc === undefined) return { applied: false }
  const put = await tx.run(sql`insert into tag (registry_id, repository, name, digest, media_type, updated_at, hlc)
    select registry_id, repository, cast(${tag} as text), digest, media_type,
      cast(${tx.clock.now()} as bigint), cast(${hlc} as text)
    from manifest where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}
    on conflict (registry_id, repository, name) do update set
      digest = excluded.digest, media_type = excluded.media_type, updated_at = excluded.updated_at, hlc = excluded.hlc`)
  if (put === 0) throw ManifestUnknown(repository, digest)
  await unbury(tx, place)
  return { applied: true, hlc }
}

export async function dropTag(tx: Tx, change: TagDeletion): Promise<Merged> {
  const { registryId, repository, tag } = change
  const place: Place = { registryId, repository, kind: 'tag', name: tag }
  const held = await tx.one(sql`select digest from tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}`)
  // A deletion made here of nothing is nothing; one made elsewhere must be remembered, the tag may still be on its way.
  if (!held && change.hlc === undefined) return { applied: false }
  const hlc = await settleStamp(tx, place, change.hlc)
  if (hlc === undefined) return { applied: false }
  await tx.run(sql`delete from tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}`)
  await bury(tx, place, hlc)
  return { applied: held !== undefined, hlc }
}
