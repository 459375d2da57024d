import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqlite, type Sql, simClock, sql, write } from '../../src/kernel/index.ts'
import { regionSchema } from '../../src/roles/schema.ts'
import { orphans } from '../support/orphans.ts'

// A look that finds nothing proves nothing, unless it finds what was planted.

const NOW = 1_000_000
const plant = write('test.plant', async (tx, statements: Sql[]): Promise<null> => {
  for (const statement of statements) await tx.run(statement)
  return null
})

const blob = (digest: string) => sql`insert into blob (registry_id, digest, blob_key, size, created_at)
  values ('r', ${digest}, ${`${digest}.0`}, 1, 0)`
const link = (digest: string, reviewAt: number) => sql`insert into repository_blob
  (registry_id, repository, digest, blob_key, size, review_at) values ('r', 'a', ${digest}, ${`${digest}.0`}, 1, ${reviewAt})`
const manifest = (digest: string) => sql`insert into manifest
  (registry_id, repository, digest, media_type, artifact_type, subject, size, created_at, hlc, body)
  values ('r', 'a', ${digest}, '', '', '', 0, 0, '', ${new Uint8Array()})`
const reference = (digest: string, target: string) => sql`insert into manifest_reference
  (registry_id, repository, digest, target) values ('r', 'a', ${digest}, ${target})`
const trash = (target: string) =>
  sql`insert into trash_blob (registry_id, repository, digest, blob) values ('r', 'a', 'm', ${target})`
const review = (digest: string, at: number) =>
  sql`insert into blob_review (registry_id, digest, review_at) values ('r', ${digest}, ${at})`

const whole = [manifest('m'), blob('b'), link('b', 0), reference('m', 'b')]
const cases: [string, Sql[], RegExp[]][] = [
  ['a whole image', whole, []],
  ['a blob that waits for its manifest', [blob('x'), link('x', NOW + 1)], []],
  ['one that waited for too long', [blob('x'), link('x', NOW)], [/^link of x in a, which no manifest needs/]],
  ['one that nobody will ever review', [blob('x'), link('x', 0)], [/^link of x in a, which no manifest needs/]],
  ['a blob that was let go a while ago', [blob('x'), review('x', NOW + 1)], []],
  ['one that is due', [blob('x'), review('x', NOW)], [/^blob x, which no repository links/, /^review of x, long due/]],
  ['one that nobody will look at', [blob('x')], [/^blob x, which no repository links/]],
  ['one that the trash has', [blob('x'), trash('x')], []],
  ['one that the trash should have', [trash('x')], [/^blob x in the trash of a, whose bytes are gone/]],
  ['a link to nothing', [link('x', NOW + 1)], [/^link of x in a to bytes that are not there/]],
  ['what a manifest left behind', [...whole, reference('n', 'b')], [/^reference to b of a manifest that a does not/]],
]

for (const [name, planted, expected] of cases) {
  test(`${name} is ${expected.length === 0 ? 'no orphan' : 'found'}`, async () => {
    const clock = simClock(1)
    const store = await openSqlite({ path: ':memory:', migrations: regionSchema.migrations, writes: [plant], clock })
    await store.write(plant, planted)
    const found = await orphans(store.read, NOW)
    assert.equal(found.length, expected.length, found.join('\n'))
    for (const [i, words] of expected.entries()) assert.match(found[i] ?? '', words)
    await store.close()
  })
}
