import { type Migration, type ReadTx, sql, write } from '../kernel/index.ts'
import type { ConfigText } from './config-document.ts'

/** A region's own copy of what control last said: it starts and goes on from it while control is gone. */
export const configCopyMigrations: readonly Migration[] = [
  {
    id: 'config-copy-1',
    statements: [
      `create table region_config (
        id {text} not null, etag {text} not null, body {text} not null, saved_at {bigint} not null,
        primary key (id)
      ){strict}`,
    ],
  },
]

export const saveConfigCopy = write('config-copy.save', async (tx, { etag, text }: ConfigText): Promise<null> => {
  const held = await tx.one<{ etag: string }>(sql`select etag from region_config where id = 'current'`)
  // Every node of the region hears the same: the first one writes.
  if (held?.etag === etag) return null
  await tx.run(sql`insert into region_config (id, etag, body, saved_at)
    values ('current', ${etag}, ${text}, ${tx.clock.now()})
    on conflict (id) do update set etag = excluded.etag, body = excluded.body, saved_at = excluded.saved_at`)
  return null
})

export const configCopyWrites = [saveConfigCopy]

export async function readConfigCopy(db: ReadTx): Promise<ConfigText | undefined> {
  const row = await db.one<{ etag: string; body: string }>(
    sql`select etag, body from region_config where id = 'current'`,
  )
  return row && { etag: row.etag, text: row.body }
}
