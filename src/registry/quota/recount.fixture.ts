import assert from 'node:assert/strict'
import { type ReadTx, type Store, sql } from '../../kernel/index.ts'
import { readSize } from './size.ts'

type Counted = { registryId: string; repository: string; bytes: number }

/** What is counted is what is there: of every repository and of every registry, folded or not. */
export async function assertSizesExact(store: Store): Promise<void> {
  await store.snapshot(async db => {
    const there = await recount(db)
    const known = await db.all<Counted>(sql`select registry_id as "registryId", repository, 0 as bytes from size_count
      union select registry_id, repository, 0 from size_change`)
    for (const { registryId, repository } of [...known, ...there]) {
      const counted = await readSize(db, registryId, repository === '' ? undefined : repository)
      const real = there.find(one => one.registryId === registryId && one.repository === repository)?.bytes ?? 0
      assert.equal(counted, real, `bytes of ${registryId} ${repository}`)
    }
  })
}

async function recount(db: ReadTx): Promise<Counted[]> {
  return db.all<Counted>(sql`select registry_id as "registryId", repository, cast(sum(size) as bigint) as bytes from (
      select registry_id, repository, size from repository_blob
      union all select registry_id, repository, size from manifest
      union all select registry_id, '', size from blob
      union all select registry_id, '', size from manifest) s
    group by registry_id, repository`)
}
