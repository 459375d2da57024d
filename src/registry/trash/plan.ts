import { type ReadTx, sql } from '../../kernel/index.ts'
import type { Digest, ImagePlatform } from '../../oci/index.ts'
import type { ManifestFacts, RepoRef } from '../content/change.ts'
import { manifestFacts } from '../content/manifest-facts.ts'
import { inLists } from '../content/repository.ts'
import { RestoreTooLarge } from './failures.ts'

/** A manifest as it is pushed again. */
export type Part = { digest: Digest; bytes: Uint8Array; facts: ManifestFacts; trashed: boolean }
/**
 * What brings a manifest back, in the order in which it is to be pushed. `missing`: what must be here for it and is not;
 * then nothing is to be pushed. `incomplete`: what refers to it and lacks something itself.
 */
export type Plan = { parts: Part[]; missing: string[]; incomplete: Digest[] }

/** A restore is one transaction, of some 100 ms at most, and is in memory. */
const MOST = 500
const MOST_BYTES = 64 * 1024 * 1024
/** Those included that are here, which cost a few reads each. */
const MOST_LOOKED_THROUGH = 5000

/**
 * All below the manifest that is in the trash, the manifest, and what in the trash refers to any of these; reads only.
 * What is here already is looked through too: it may list, or be the subject of, what is not. `deletion`: of what refers
 * to them only what went with that.
 */
export async function planRestore(tx: ReadTx, repo: RepoRef, root: Digest, deletion?: string): Promise<Plan> {
  const parts: Part[] = []
  const incomplete: Digest[] = []
  const lacks = new Map<Digest, string[]>()
  let bytes = 0

  /** Gives what is missing for it, which is then not among the parts. */
  async function visit(digest: Digest): Promise<string[]> {
    const known = lacks.get(digest)
    if (known) return known
    lacks.set(digest, [])
    const part = await findPart(tx, repo, digest)
    const missing = part ? await visitBelow(part) : [digest]
    lacks.set(digest, missing)
    if (!part || missing.length > 0) return missing
    if (isPushed(part)) {
      parts.push(part)
      bytes += part.bytes.length
    }
    if (parts.length > MOST || bytes > MOST_BYTES || lacks.size > MOST_LOOKED_THROUGH) throw RestoreTooLarge(root)
    for (const referrer of await trashedReferrers(tx, repo, digest, deletion)) {
      if ((await visit(referrer)).length > 0) incomplete.push(referrer)
    }
    return []
  }

  // The root is pushed again where it is here, as any push does: it is then as new as what comes with it.
  function isPushed({ digest, trashed }: Part): boolean {
    return trashed || digest === root
  }

  async function visitBelow(part: Part): Promise<string[]> {
    const { blobs, manifests, either, optional } = part.facts
    const present = new Set(await presentBlobs(tx, repo, part.digest, [...blobs, ...either]))
    const missing = blobs.filter(blob => !present.has(blob))
    for (const child of [...manifests, ...either.filter(one => !present.has(one))]) {
      missing.push(...(await visit(child as Digest)))
    }
    for (const child of optional) await visit(child as Digest)
    return isPushed(part) ? missing : []
  }

  const missing = await visit(root)
  return { parts, missing, incomplete }
}

type Row = { media_type: string; described: number; architecture: string; os: string; body: Uint8Array }

async function findPart(tx: ReadTx, repo: RepoRef, digest: Digest): Promise<Part | undefined> {
  const { registryId, repository } = repo
  const row = await tx.one<Row>(sql`select media_type, described, architecture, os, body from trash_manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (row) {
    const { architecture, os } = row
    return partOf(digest, row, true, row.described === 1 ? { architecture, os } : undefined)
  }
  const live = await tx.one<Pick<Row, 'media_type' | 'body'>>(sql`select media_type, body from manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  return live && partOf(digest, live, false, undefined)
}

function partOf(
  digest: Digest,
  { media_type, body: bytes }: Pick<Row, 'media_type' | 'body'>,
  trashed: boolean,
  platform: ImagePlatform | undefined,
): Part {
  const facts = manifestFacts(bytes, media_type, digest, bytes.length)
  return { digest, bytes, facts: platform ? { ...facts, platform } : facts, trashed }
}

/** Those that the repository links, or that the trash kept for this manifest. */
async function presentBlobs(tx: ReadTx, repo: RepoRef, digest: Digest, blobs: readonly string[]): Promise<string[]> {
  const { registryId, repository } = repo
  const present: string[] = []
  for (const some of inLists(blobs)) {
    const rows = await tx.all<{ digest: string }>(sql`select digest from repository_blob
      where registry_id = ${registryId} and repository = ${repository} and digest in (${some})
      union select t.blob from trash_blob t join blob b on b.registry_id = t.registry_id and b.digest = t.blob
      where t.registry_id = ${registryId} and t.repository = ${repository} and t.digest = ${digest}`)
    present.push(...rows.map(row => row.digest))
  }
  return present
}

async function trashedReferrers(tx: ReadTx, { registryId, repository }: RepoRef, subject: Digest, deletion?: string) {
  const rows = await tx.all<{ digest: Digest }>(sql`select digest from trash_manifest
    where registry_id = ${registryId} and repository = ${repository} and subject = ${subject} and subject <> ''
    and (deletion = ${deletion ?? ''} or cast(${deletion === undefined ? 1 : 0} as bigint) = 1)
    order by digest limit ${MOST + 1}`)
  return rows.map(row => row.digest)
}
