import { type Hlc, parseHlc, type Row, sql, type Tx } from '../../kernel/index.ts'
import { mediaTypes } from '../../oci/index.ts'
import { ReferencesUnknown } from '../failures.ts'
import { countSize } from '../quota/size.ts'
import { trashManifest, trashTagsOf } from '../trash/keep.ts'
import { takeManifestOut } from '../trash/take-out.ts'
import type { ManifestChange, ManifestDeletion, Merged } from './change.ts'
import { countChange } from './count.ts'
import { insertDetail, renewDetail } from './detail.ts'
import { heldOnlyMaybe, holdBy, letGo, lostTag } from './held.ts'
import { dropEmptyRepository, inLists, keepRepository } from './repository.ts'
import { bury, deletedSince, type Place, settleStamp, stampAfter } from './stamp.ts'

/**
 * All that the manifest refers to must be in the repository, or none of this happens. The media type of the first
 * push stays, as the bytes do.
 */
export async function putManifest(tx: Tx, change: ManifestChange): Promise<Merged> {
  const { registryId, repository, digest, facts, bytes } = change
  const place: Place = { registryId, repository, kind: 'manifest', name: digest }
  const hlc = await settleStamp(tx, place, change.hlc)
  if (hlc === undefined) return { applied: false }
  await keepRepository(tx, change)
  await refer(tx, change)
  // Pushed again it is as new as now: a deletion elsewhere that is older must not take it away.
  const renewed = await tx.run(sql`update manifest set hlc = ${hlc}
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (renewed === 0) await insertManifest(tx, change, hlc)
  else await renewDetail(tx, change)
  await holdBy(tx, change, digest, [...new Set([...facts.manifests, ...facts.either, ...facts.optional])])
  const { mediaType, configMediaType } = facts
  return { applied: true, hlc, size: bytes.length, mediaType, configMediaType }
}

async function insertManifest(tx: Tx, change: ManifestChange, hlc: Hlc) {
  const { registryId, repository, digest, facts, bytes } = change
  await tx.run(sql`insert into manifest
    (registry_id, repository, digest, media_type, artifact_type, subject, size, created_at, hlc, body)
    values (${registryId}, ${repository}, ${digest}, ${facts.mediaType}, ${facts.artifactType}, ${facts.subject},
      ${bytes.length}, ${tx.clock.now()}, ${hlc}, ${bytes})`)
  await insertDetail(tx, change)
  await countChange(tx, change, { manifests: 1, tags: 0 })
  await takeManifestOut(tx, change)
  await countSize(tx, change, { linked: bytes.length, held: bytes.length })
  if (facts.subject === '') return
  await tx.run(sql`insert into referrer
    (registry_id, repository, subject, digest, artifact_type, length, descriptor)
    values (${registryId}, ${repository}, ${facts.subject}, ${digest}, ${facts.artifactType},
      ${Buffer.byteLength(facts.descriptor)}, ${facts.descriptor})`)
}

type Held = { subject: string; hlc: string; size: number; media_type: string; config_media_type: string | null }

/** Its tags go with it. Blobs that nothing else refers to are looked at after `keepFor`. */
export async function dropManifest(tx: Tx, change: ManifestDeletion): Promise<Merged> {
  const { registryId, repository, digest } = change
  const place: Place = { registryId, repository, kind: 'manifest', name: digest }
  const held = await tx.one<Held>(sql`select m.subject, m.hlc, m.size, m.media_type, d.config_media_type
    from manifest m left join manifest_detail d
      on d.registry_id = m.registry_id and d.repository = m.repository and d.digest = m.digest
    where m.registry_id = ${registryId} and m.repository = ${repository} and m.digest = ${digest}`)
  if (!held) {
    // Made elsewhere it must be remembered: the manifest may still be on its way.
    const hlc = change.hlc && (await settleStamp(tx, place, change.hlc))
    if (hlc !== undefined) await bury(tx, place, hlc)
    return { applied: false }
  }
  const newest = await tx.one<Row>(sql`select max(hlc) as hlc from tag
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  const set = change.hlc === undefined ? await newestAttribute(tx, change) : undefined
  const hlc = deletionStamp(tx, change.hlc, [held.hlc, newest?.hlc, set?.hlc])
  if (hlc === undefined) {
    // Pushed or tagged again since. The tags that it had before went all the same.
    if (change.hlc !== undefined) {
      await bury(tx, place, change.hlc)
      await countChange(tx, change, { manifests: 0, tags: -(await dropTagsOf(tx, change, change.hlc)) })
      await lostTag(tx, change, digest)
    }
    return { applied: false }
  }
  await trashManifest(tx, change, hlc)

  const kept = await heldOnlyMaybe(tx, change, digest)
  await tx.run(sql`update repository_blob set review_at = ${tx.clock.now() + change.keepFor}
    where registry_id = ${registryId} and repository = ${repository} and review_at = 0 and digest in (
      select target from manifest_reference
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest})`)
  await tx.run(sql`delete from manifest_reference
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  await tx.run(sql`delete from manifest_reference
    where registry_id = ${registryId} and repository = ${repository} and target = ${digest}`)
  if (held.subject !== '') {
    await tx.run(sql`delete from referrer where registry_id = ${registryId} and repository = ${repository}
      and subject = ${held.subject} and digest = ${digest}`)
  }
  const isChart = held.config_media_type === mediaTypes.helmConfig
  const tags = isChart ? await someTags(tx, change) : undefined
  const untagged = await dropTagsOf(tx, change, hlc)
  await tx.run(sql`delete from manifest_detail
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  await countChange(tx, change, { manifests: -1, tags: -untagged })
  await countSize(tx, change, { linked: -held.size, held: -held.size })
  await tx.run(sql`delete from manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  await letGo(tx, change, kept)
  await bury(tx, place, hlc)
  await dropEmptyRepository(tx, change)
  const { size, media_type: mediaType, config_media_type: configMediaType } = held
  const facts = { hlc, size, mediaType, ...(configMediaType === null ? {} : { configMediaType }) }
  return { applied: true, ...facts, ...(tags ? { tags } : {}) }
}

/** The tags that led to it when it was deleted; gives how many there were. */
async function dropTagsOf(tx: Tx, change: ManifestDeletion, hlc: Hlc): Promise<number> {
  const { registryId, repository, digest } = change
  await trashTagsOf(tx, change, hlc)
  const now = tx.clock.now()
  // Under the tag's own stamp: one that moved elsewhere before the deletion may still be on its way, and stays.
  await tx.run(sql`insert into tombstone (registry_id, repository, kind, name, hlc, deleted_at)
    select registry_id, repository, 'tag', name, hlc, cast(${now} as bigint) from tag
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest} and hlc < ${hlc}
    on conflict (registry_id, repository, kind, name) do update set hlc = excluded.hlc, deleted_at = excluded.deleted_at
    where excluded.hlc > tombstone.hlc`)
  await tx.run(sql`insert into tombstone (registry_id, repository, kind, name, hlc, deleted_at)
    select registry_id, repository, 'attributes', name, cast(${hlc} as text), cast(${now} as bigint) from tag
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest} and hlc < ${hlc}
    on conflict (registry_id, repository, kind, name) do update set hlc = excluded.hlc, deleted_at = excluded.deleted_at
    where excluded.hlc > tombstone.hlc`)
  await tx.run(sql`delete from attribute where registry_id = ${registryId} and repository = ${repository}
    and kind = 'tag' and hlc < ${hlc} and name in (select name from tag
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest} and hlc < ${hlc})`)
  return tx.run(sql`delete from tag where registry_id = ${registryId} and repository = ${repository}
    and digest = ${digest} and hlc < ${hlc}`)
}

/** A chart has one tag, or few. */
const MOST_TAGS_TOLD = 100

async function someTags(tx: Tx, { registryId, repository, digest }: ManifestDeletion): Promise<string[]> {
  const rows = await tx.all<{ name: string }>(sql`select name from tag
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}
    order by name limit ${MOST_TAGS_TOLD}`)
  return rows.map(row => row.name)
}

/** Records what the manifest refers to, as far as it is here; throws where something that must be here is not. */
async function refer(tx: Tx, { registryId, repository, digest, facts, hlc }: ManifestChange): Promise<void> {
  const required = [...facts.blobs, ...facts.manifests, ...facts.either]
  for (const targets of inLists([...new Set([...facts.blobs, ...facts.either, ...facts.optional])])) {
    await tx.run(sql`insert into manifest_reference (registry_id, repository, digest, target)
      select registry_id, repository, cast(${digest} as text), digest from repository_blob
      where registry_id = ${registryId} and repository = ${repository} and digest in (${targets})
      on conflict (registry_id, repository, digest, target) do nothing`)
    await tx.run(sql`update repository_blob set review_at = 0
      where registry_id = ${registryId} and repository = ${repository} and digest in (${targets}) and review_at > 0`)
  }
  for (const targets of inLists([...new Set([...facts.manifests, ...facts.either, ...facts.optional])])) {
    await tx.run(sql`insert into manifest_reference (registry_id, repository, digest, target)
      select registry_id, repository, cast(${digest} as text), digest from manifest
      where registry_id = ${registryId} and repository = ${repository} and digest in (${targets})
      on conflict (registry_id, repository, digest, target) do nothing`)
  }
  if (required.length === 0) return
  const rows = await tx.all<{ target: string }>(sql`select target from manifest_reference
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  const here = new Set(rows.map(row => row.target))
  const missing: string[] = []
  for (const target of new Set(required)) {
    if (here.has(target)) continue
    // An index outlives what it lists, also where the deletion of that comes first.
    const place: Place = { registryId, repository, kind: 'manifest', name: target }
    if (hlc === undefined || !(await deletedSince(tx, place, hlc))) missing.push(target)
  }
  if (missing.length > 0) throw ReferencesUnknown(repository, missing)
}

// One stamp for the manifest and its tags. Made here it is later than all of them, and than what was set on them; made
// elsewhere it has to be later than the manifest, and a tag that was moved since then keeps the manifest alive.
function deletionStamp(tx: Tx, given: Hlc | undefined, held: readonly unknown[]): Hlc | undefined {
  const stamps = held.flatMap(text => (typeof text === 'string' ? [parseHlc(text)] : []))
  const newest = stamps.toSorted().at(-1)
  if (given === undefined) return stampAfter(tx, newest)
  return newest === undefined || given > newest ? given : undefined
}

async function newestAttribute(tx: Tx, { registryId, repository, digest }: ManifestDeletion) {
  return tx.one<Row>(sql`select max(hlc) as hlc from attribute
    where registry_id = ${registryId} and repository = ${repository}
    and (kind = 'manifest' and name = ${digest} or kind = 'tag' and name in (select name from tag
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}))`)
}
