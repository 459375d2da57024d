import { sql, type Tx } from '../../kernel/index.ts'
import { ManifestUnknown } from '../failures.ts'
import { trashTag } from '../trash/keep.ts'
import { takeTagOut } from '../trash/take-out.ts'
import type { Merged, TagChange, TagDeletion } from './change.ts'
import { countChange } from './count.ts'
import { keptByTag, lostTag } from './held.ts'
import { bury, deletedSince, type Place, settleStamp } from './stamp.ts'

/** Last writer wins by stamp. The manifest must be in the repository. */
export async function putTag(tx: Tx, change: TagChange): Promise<Merged> {
  const { registryId, repository, tag, digest } = change
  const place: Place = { registryId, repository, kind: 'tag', name: tag }
  const hlc = await settleStamp(tx, place, change.hlc)
  if (hlc === undefined) return { applied: false }
  const gone = change.hlc && (await deletedSince(tx, { ...place, kind: 'manifest', name: digest }, change.hlc))
  if (gone) {
    // A deletion of the manifest that came first took the tag with it, whether the manifest was pushed again or not.
    await dropTag(tx, { kind: 'tag-deleted', registryId, repository, tag, hlc })
    await bury(tx, { ...place, kind: 'attributes' }, gone)
    return { applied: false }
  }
  const held = await heldTag(tx, change)
  const now = tx.clock.now()
  const put = await tx.run(sql`insert into tag
    (registry_id, repository, name, digest, media_type, created_at, updated_at, hlc)
    select registry_id, repository, cast(${tag} as text), digest, media_type,
      cast(${held ? bornAt(held) : now} as bigint), cast(${now} as bigint), cast(${hlc} as text)
    from manifest where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}
    on conflict (registry_id, repository, name) do update set digest = excluded.digest,
      media_type = excluded.media_type, created_at = excluded.created_at, updated_at = excluded.updated_at,
      hlc = excluded.hlc`)
  if (put === 0) throw ManifestUnknown(repository, digest)
  // A tag that moves is one tag still; the count says when the repository changed last, too.
  await countChange(tx, change, { manifests: 0, tags: held ? 0 : 1 })
  await keptByTag(tx, change, digest)
  if (held && held.digest !== digest) await lostTag(tx, change, held.digest)
  await takeTagOut(tx, change)
  return { applied: true, hlc }
}

export async function dropTag(tx: Tx, change: TagDeletion): Promise<Merged> {
  const { registryId, repository, tag } = change
  const place: Place = { registryId, repository, kind: 'tag', name: tag }
  const held = await heldTag(tx, change)
  // A deletion made here of nothing is nothing; one made elsewhere must be remembered, the tag may still be on its way.
  if (!held && change.hlc === undefined) return { applied: false }
  const hlc = await settleStamp(tx, place, change.hlc)
  if (hlc === undefined) {
    // It was made anew since, and what was set on the one of before does not count for it.
    if (change.hlc !== undefined) await bury(tx, place, change.hlc)
    return { applied: false }
  }
  await trashTag(tx, change, hlc)
  await tx.run(sql`delete from tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}`)
  if (held) {
    await countChange(tx, change, { manifests: 0, tags: -1 })
    await lostTag(tx, change, held.digest)
  }
  await bury(tx, place, hlc)
  return { applied: held !== undefined, hlc }
}

type TagTimes = { created_at: number; updated_at: number }

/** When the tag came into being. For one of the first version: its last change then, the earliest that is known. */
export function bornAt({ created_at, updated_at }: TagTimes): number {
  return created_at === 0 ? updated_at : created_at
}

function heldTag(tx: Tx, { registryId, repository, tag }: TagChange | TagDeletion) {
  return tx.one<TagTimes & { digest: string }>(sql`select digest, created_at, updated_at from tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}`)
}
