import { type Ms, sql, type Tx, write } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { ContentChange, RepoRef } from '../content/change.ts'
import { putContent } from '../content/put-content.ts'
import { type ContentFrom, recordContent } from '../content/record-content.ts'
import { lockAgainst } from '../locks/locks.ts'
import { type Age, type Cutoff, isOldEnough } from './cutoff.ts'
import type { Immutable } from './immutable.ts'

type Asked = RepoRef & {
  from: ContentFrom
  immutable: readonly Immutable[]
  /** How long what goes stays in the trash; 0 is not at all. */
  trashFor: Ms
  /** The policy's name, or `purge`: for the audit. */
  because: string
}

type AskedTag = Asked & { tag: string; hlc: string; pulledSince: Ms | undefined }
type AskedManifest = Asked & { digest: Digest; cutoff: Cutoff | undefined; keepFor: Ms }

/** False where it is not the tag that was looked at any more: pushed again, moved, pulled, locked or gone. */
export const removeTag = write(
  'policies.remove-tag',
  async (tx, { tag, hlc, pulledSince, ...asked }: AskedTag): Promise<boolean> => {
    const { registryId, repository, immutable } = asked
    // By its name or by its digest: either is a pull of it.
    const held = await tx.one<{ pulled_at: Ms; whole_pulled_at: Ms }>(sql`select t.pulled_at,
        d.pulled_at as whole_pulled_at
      from tag t join manifest_detail d
        on d.registry_id = t.registry_id and d.repository = t.repository and d.digest = t.digest
      where t.registry_id = ${registryId} and t.repository = ${repository} and t.name = ${tag} and t.hlc = ${hlc}`)
    if (!held) return false
    if (pulledSince !== undefined && Math.max(held.pulled_at, held.whole_pulled_at) >= pulledSince) return false
    const change = { kind: 'tag-deleted', registryId, repository, tag, immutable, trash: trashOf(asked) } as const
    return take(tx, asked, change, { tag })
  },
)

/** False where something keeps it by now: a tag, an index, its subject, a newer push, a lock. */
export const removeManifest = write(
  'policies.remove-manifest',
  async (tx, { digest, cutoff, keepFor, ...asked }: AskedManifest): Promise<boolean> => {
    const { registryId, repository, immutable } = asked
    const found = await tx.one<Age>(sql`select untagged_at, updated_at
      from manifest_detail where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}
      and untagged_at > 0 and held = 0`)
    if (!found || !isOldEnough(found, cutoff)) return false
    const ruled = { immutable, trash: trashOf(asked) }
    const change = { kind: 'manifest-deleted', registryId, repository, digest, keepFor, ...ruled } as const
    return take(tx, asked, change, { manifest: digest })
  },
)

export const policyWrites = [removeTag, removeManifest]

function trashOf({ trashFor, from }: Asked) {
  return { trashFor, by: from.actor.id }
}

async function take(
  tx: Tx,
  { from, because }: Asked,
  change: ContentChange,
  named: Record<string, string>,
): Promise<boolean> {
  if (await lockAgainst(tx, change)) return false
  const { applied } = await putContent(tx, change, from.region, { request: from.request })
  const detail = { ...named, because }
  if (applied) await recordContent(tx, from, change, { action: 'registry/content/delete', detail })
  return applied
}
