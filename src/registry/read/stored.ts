import { type ReadTx, sql } from '../../kernel/index.ts'
import { type Manifest, manifestLimits, parseManifest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'

/** A manifest as it lies in its repository. */
export type Stored = { readonly mediaType: string; readonly bytes: Uint8Array }

/** Whether it may be pulled is not asked here. */
export async function findStored(
  read: ReadTx,
  { registryId, repository }: RepoRef,
  digest: string,
): Promise<Stored | undefined> {
  return await read.one<Stored>(sql`select media_type as "mediaType", body as bytes from manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
}

/** What it says: its length was within the limit when it was pushed, whatever the limit is now. */
export function parseStored({ mediaType, bytes }: Stored): Manifest {
  return parseManifest(bytes, mediaType, { ...manifestLimits, bytes: bytes.length })
}

const SHOWN = 50
const LONGEST = 1000

/** The first annotations, the beginning of each: to be looked at. */
export function shownAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const first = Object.entries(annotations).slice(0, SHOWN)
  return Object.fromEntries(first.map(([name, value]) => [name.slice(0, LONGEST), value.slice(0, LONGEST)]))
}
