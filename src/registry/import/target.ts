import { type Store, sql } from '../../kernel/index.ts'
import type { Digest, Target } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { Registry } from '../registry.ts'
import { bringBlob } from './bring-blob.ts'
import type { Import } from './import.ts'
import { heldTags } from './taken.ts'
import type { Tally } from './tally.ts'

type Parts = { registry: Registry; store: Store; tally: Tally }
/** What has been asked for by name, and the names that it gets. */
type Root = { digest: Digest; tags: readonly string[] }

/** This registry, by the functions that a push goes through. What is here is left as it is: nobody is told of it twice. */
export function importTarget(parts: Parts, one: Import, root: Root): Target {
  const { registry, store, tally } = parts
  const repo: RepoRef = one
  return {
    putBlob: (blob, open, options) => bringBlob(parts, one, blob, { ...options, open }),
    async putManifest({ bytes, mediaType, digest }) {
      const tags = digest === root.digest ? await unsetTags(store, repo, root) : []
      const needed = tags.length > 0 || !(await isHere(store, repo, digest))
      if (needed) {
        const push = { bytes, contentType: mediaType, digest, tags, newTags: !one.force }
        await registry.putManifest(repo, push, one.by)
      }
      tally.manifest(digest, needed)
    },
  }
}

async function unsetTags(store: Store, repo: RepoRef, { digest, tags }: Root): Promise<string[]> {
  const held = await heldTags(store.read, repo, tags)
  return tags.filter(tag => !held.some(one => one.name === tag && one.digest === digest))
}

async function isHere(store: Store, { registryId, repository }: RepoRef, digest: string): Promise<boolean> {
  const row = await store.read.one(sql`select digest from manifest
    where registry_id = ${registryId} and repository = ${repository} and digest = ${digest}`)
  return row !== undefined
}
