import type { ReadTx } from '../../kernel/index.ts'
import { list, sql } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { TagsTaken } from './failures.ts'

type Tag = { name: string; digest: string }

/** Those of the tags that are here, and where they lead. */
export async function heldTags(read: ReadTx, { registryId, repository }: RepoRef, tags: readonly string[]) {
  if (tags.length === 0) return []
  return await read.all<Tag>(sql`select name, digest from tag where registry_id = ${registryId}
    and repository = ${repository} and name in (${list(tags)}) order by name`)
}

/** Refuses where a tag leads to anything but `digest`. */
export async function refuseTaken(read: ReadTx, repo: RepoRef, digest: string, tags: readonly string[]): Promise<void> {
  const others = (await heldTags(read, repo, tags)).filter(tag => tag.digest !== digest)
  if (others.length > 0)
    throw TagsTaken(
      repo.repository,
      others.map(tag => tag.name),
    )
}
