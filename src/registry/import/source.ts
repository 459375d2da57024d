import { type ReadTx, sql } from '../../kernel/index.ts'
import {
  type FetchedManifest,
  isDigest,
  type OciClient,
  parseDigest,
  parseManifest,
  registryEnd,
  type Source,
} from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'

/** The source's repository; manifests that are here already are not fetched again. */
export function importSource(
  client: OciClient,
  from: { host: string; repository: string },
  here: { read: ReadTx; repo: RepoRef },
): Source {
  const end = registryEnd(client, from)
  return {
    ...end,
    async manifest(name, signal) {
      const held = name !== undefined && isDigest(name) ? await heldManifest(here.read, here.repo, name) : undefined
      return held ?? end.manifest(name, signal)
    },
  }
}

type Row = { media_type: string; body: Uint8Array }

/** With all that it refers to: a manifest is only stored so. */
async function heldManifest(read: ReadTx, { registryId, repository }: RepoRef, digest: string) {
  const row = await read.one<Row>(sql`select media_type, body from manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  if (!row) return undefined
  const { media_type: mediaType, body: bytes } = row
  const manifest = parseManifest(bytes, mediaType, { bytes: bytes.length, depth: 64 })
  return { digest: parseDigest(digest), mediaType, size: bytes.length, bytes, manifest } satisfies FetchedManifest
}
