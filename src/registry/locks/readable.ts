import { type ReadTx, sql } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import { Locked } from '../failures.ts'

/**
 * Refuses the pull of a manifest where readEnabled of it, of the tag that names it or of the repository is false.
 * Asked only in repositories that hold something of the kind: the row that a pull reads anyway says so.
 */
export async function refuseUnreadable(
  read: ReadTx,
  { registryId, repository }: RepoRef,
  { reference, digest }: { reference: string; digest: string },
): Promise<void> {
  const lock = await read.one<{ kind: 'repository' | 'tag' | 'manifest'; name: string }>(sql`select kind, name
    from attribute where registry_id = ${registryId} and repository = ${repository} and field = 'read' and enabled = 0
    and (kind = 'repository' and name = '' or kind = 'manifest' and name = ${digest}
      or kind = 'tag' and name = ${reference}) order by kind limit 1`)
  if (lock) throw Locked(repository, lock.kind, lock.name, 'read')
}
