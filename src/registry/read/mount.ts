import { type ReadTx, sql } from '../../kernel/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'

// A layer of everybody's base image is in very many repositories; one the caller may read shows up soon or not.
const CANDIDATES = 1000
const PAGE = 100

/**
 * A repository that has the blob and that the caller may read: nothing is told about any other. `from` undefined: any.
 */
export async function findMountSource(
  read: ReadTx,
  { registryId }: RepoRef,
  digest: Digest,
  from: string | undefined,
  mayRead: (repository: string) => boolean,
): Promise<string | undefined> {
  if (from !== undefined) {
    if (!mayRead(from)) return undefined
    const link = await read.one(sql`select repository from repository_blob
      where registry_id = ${registryId} and repository = ${from} and digest = ${digest}`)
    return link ? from : undefined
  }
  let last = ''
  for (let seen = 0; seen < CANDIDATES; seen += PAGE) {
    const links = await read.all<{ repository: string }>(sql`select repository from repository_blob
      where registry_id = ${registryId} and digest = ${digest} and repository > ${last}
      order by repository limit ${PAGE}`)
    const found = links.find(link => mayRead(link.repository))
    if (found) return found.repository
    if (links.length < PAGE) return undefined
    last = links.at(-1)?.repository ?? ''
  }
  return undefined
}
