import { type ReadTx, sql } from '../../kernel/index.ts'
import { readSize } from '../quota/size.ts'

export type HeldContent = { bytes: number; repositories: number; manifests: number; tags: number }

/** What a registry holds here, as of now. Costs a row a repository: for whoever asks, not for each request. */
export async function readHeld(db: ReadTx, registryId: string): Promise<HeldContent> {
  const bytes = await readSize(db, registryId)
  const counts = await db.one<Omit<HeldContent, 'bytes'>>(sql`select
    (select count(*) from repository where registry_id = ${registryId}) as repositories,
    cast(coalesce(sum(c.manifests), 0) + (select coalesce(sum(x.manifests), 0) from count_change x
      where x.registry_id = ${registryId}) as bigint) as manifests,
    cast(coalesce(sum(c.tags), 0) + (select coalesce(sum(x.tags), 0) from count_change x
      where x.registry_id = ${registryId}) as bigint) as tags
    from repository_count c where c.registry_id = ${registryId}`)
  return { bytes, repositories: 0, manifests: 0, tags: 0, ...counts }
}
