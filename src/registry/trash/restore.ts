import { sql, type Tx, write } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { recordContent, tagDetails } from '../content/record-content.ts'
import { refuseLocked } from '../locks/locks.ts'
import { NotInTrash, RestoreIncomplete, RestoreTagInUse } from './failures.ts'
import { planRestore } from './plan.ts'
import { pushAgain, type Restoring, tagAgain } from './push-again.ts'

/** What came back; of the lists 100 at most. `inUse`: tags that stayed in the trash, as their name leads elsewhere or is locked. */
export type Restored = { manifests: number; tags: number; inUse: string[]; incomplete: Digest[] }

/** With `tag` that tag; by digest alone the manifest and the tags that went with it. */
type Asked = Restoring & { tag?: string; digest?: Digest }
type Wanted = { digest: Digest; tags: readonly string[] }

// More tags than these lead to hardly any manifest; the others stay in the trash, where each can be restored.
const MOST_TAGS = 500
export const LISTED = 100

/**
 * A tag or a manifest with all below it and what refers to it: all of it or nothing. Nothing is done, and nothing said
 * to be wrong, where it is here and not in the trash: the answer to the first attempt may have been lost.
 */
export const restoreImage = write('registry.restore', async (tx, asked: Asked): Promise<Restored> => {
  const wanted = asked.tag === undefined ? await wantedManifest(tx, asked) : await wantedTag(tx, asked, asked.tag)
  if (!wanted) return { manifests: 0, tags: 0, inUse: [], incomplete: [] }
  const { digest } = wanted
  const { parts, missing, incomplete } = await planRestore(tx, asked, digest)
  if (missing.length > 0) throw RestoreIncomplete(digest, missing)
  await pushAgain(tx, asked, parts, wanted.tags.length > 0 ? digest : undefined)
  const tags: string[] = []
  const inUse: string[] = []
  for (const tag of wanted.tags) ((await tagAgain(tx, asked, tag, digest)) ? tags : inUse).push(tag)
  const manifests = parts.filter(part => part.trashed).length
  const detail = { restored: asked.tag === undefined ? 'manifest' : 'tag', manifest: digest, manifests }
  await recordContent(tx, asked.from, asked, {
    action: 'registry/content/write',
    detail: { ...detail, ...tagDetails(tags.slice(0, LISTED)) },
  })
  return { manifests, tags: tags.length, inUse: inUse.slice(0, LISTED), incomplete: incomplete.slice(0, LISTED) }
})

/** Of several manifests that the tag led to when it was deleted: the last one, unless a digest says which. */
async function wantedTag(tx: Tx, asked: Asked, tag: string): Promise<Wanted | undefined> {
  const { registryId, repository, digest = '', force, immutable } = asked
  const held = await tx.one<{ digest: string }>(sql`select digest from tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}`)
  const row = await tx.one<{ digest: Digest }>(sql`select digest from trash_tag
    where registry_id = ${registryId} and repository = ${repository} and name = ${tag}
    and (digest = ${digest} or cast(${digest} as text) = '') order by deleted_at desc, digest limit 1`)
  if (!row) {
    if (held && (digest === '' || held.digest === digest)) return undefined
    throw NotInTrash(repository, digest === '' ? `Tag ${tag}` : `Tag ${tag} of ${digest}`)
  }
  if (held && held.digest !== row.digest && !force) throw RestoreTagInUse(repository, tag, held.digest)
  await refuseLocked(tx, { kind: 'tag', registryId, repository, tag, digest: row.digest, immutable })
  return { digest: row.digest, tags: [tag] }
}

async function wantedManifest(tx: Tx, asked: RepoRef & { digest?: Digest }): Promise<Wanted | undefined> {
  const { registryId, repository, digest } = asked
  if (digest === undefined) return undefined
  const row = await tx.one<{ deletion: string }>(sql`select deletion from trash_manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (row) {
    const tags = await tx.all<{ name: string }>(sql`select name from trash_tag
      where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}
      and deletion = ${row.deletion} order by name limit ${MOST_TAGS}`)
    return { digest, tags: tags.map(tag => tag.name) }
  }
  const live = await tx.one(sql`select digest from manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (live) return undefined
  throw NotInTrash(repository, `Manifest ${digest}`)
}
