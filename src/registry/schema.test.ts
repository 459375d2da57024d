import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, write } from '../kernel/index.ts'
import { testEngines } from '../kernel/store/engines.fixture.ts'
import { registryMigrations } from './schema.ts'

const MADE = 1_000_000

/** As an earlier version wrote them: manifests with and without tags, an index with its platform, a signature. */
const before = write('test.before', async (tx): Promise<null> => {
  for (const repository of ['a', 'b']) {
    await tx.run(sql`insert into repository (registry_id, name, created_at) values ('r', ${repository}, ${MADE})`)
    await tx.run(sql`insert into repository_count (registry_id, repository, manifests, tags, updated_at)
      values ('r', ${repository}, 5, 2, ${MADE})`)
    for (const [digest, subject] of [
      ['tagged'],
      ['index'],
      ['child'],
      ['loose'],
      ['of-index', 'index'],
      ['of-none', 'x'],
    ]) {
      await tx.run(sql`insert into manifest (registry_id, repository, digest, media_type, artifact_type, subject, size,
          created_at, hlc, body)
        values ('r', ${repository}, ${digest ?? ''}, 'm', '', ${subject ?? ''}, 1, ${MADE}, 'h', ${new Uint8Array([1])})`)
      await tx.run(sql`insert into manifest_detail (registry_id, repository, digest, media_type, created_at, updated_at,
          described, image_size, config_media_type, architecture, os)
        values ('r', ${repository}, ${digest ?? ''}, 'm', ${MADE}, ${MADE}, 1, 0, '', '', '')`)
    }
    await tx.run(sql`insert into manifest_reference (registry_id, repository, digest, target)
      values ('r', ${repository}, 'index', 'child')`)
    for (const [name, digest] of [
      ['v1', 'tagged'],
      ['v2', 'index'],
    ]) {
      await tx.run(sql`insert into tag (registry_id, repository, name, digest, media_type, created_at, updated_at, hlc)
        values ('r', ${repository}, ${name ?? ''}, ${digest ?? ''}, 'm', ${MADE}, ${MADE + (repository === 'a' ? 7 : 3)}, 'h')`)
    }
  }
  // Somebody untagged something: the newest that is known of repository b.
  await tx.run(sql`insert into count_change (registry_id, repository, id, manifests, tags, made_at)
    values ('r', 'b', 'c', 0, -1, ${MADE + 9})`)
  return null
})

for (const engine of testEngines().filter(one => one.shared)) {
  test(`what keeps the manifests of before is worked out from their rows: ${engine.name}`, async () => {
    const place = engine.place()
    const at = registryMigrations.findIndex(one => one.id === 'registry-005-untagged')
    const old = await engine.open(place.at, { migrations: registryMigrations.slice(0, at), writes: [before] })
    await old.write(before, null)
    await old.close()
    const store = await engine.open(place.at, { migrations: registryMigrations, writes: [] })
    const rows = await store.read.all<{ repository: string; digest: string; untagged_at: number; held: number }>(
      sql`select repository, digest, untagged_at, held from manifest_detail order by repository, digest`,
    )
    const told = (repository: string, since: number) => [
      { repository, digest: 'child', untagged_at: since, held: 1 },
      { repository, digest: 'index', untagged_at: 0, held: 0 },
      { repository, digest: 'loose', untagged_at: since, held: 0 },
      { repository, digest: 'of-index', untagged_at: since, held: 1 },
      { repository, digest: 'of-none', untagged_at: since, held: 0 },
      { repository, digest: 'tagged', untagged_at: 0, held: 0 },
    ]
    assert.deepEqual(
      rows.map(row => ({ ...row })),
      [...told('a', MADE + 7), ...told('b', MADE + 9)],
    )
    await store.close()
    await place.remove()
  })
}
