import type { ReadTx } from '../../kernel/index.ts'
import {
  type FetchedManifest,
  isDigest,
  type OciClient,
  parseDigest,
  registryEnd,
  type Source,
} from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { findStored, parseStored } from '../read/stored.ts'

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

/** With all that it refers to: a manifest is only stored so. */
async function heldManifest(read: ReadTx, repo: RepoRef, digest: string) {
  const stored = await findStored(read, repo, digest)
  if (!stored) return undefined
  const found = { digest: parseDigest(digest), size: stored.bytes.length, manifest: parseStored(stored) }
  return { ...stored, ...found } satisfies FetchedManifest
}
