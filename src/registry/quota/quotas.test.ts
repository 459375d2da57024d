import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { fileBlobs, nodeDisk, type Store, sql, write } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf } from '../../oci/index.ts'
import { serveRegistry } from '../http/data-plane.fixture.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import { bytesOf, imageBytes, openTestRegistry, pushBlob, pushImage, repo, TESTER } from '../registry.fixture.ts'
import { createRegistry, type Registry } from '../registry.ts'
import { collectGarbage } from '../removal/jobs.ts'
import { registryMigrations } from '../schema.ts'
import { assertSizesExact } from './recount.fixture.ts'
import { sizeMigrations } from './schema.ts'
import { readSize } from './size.ts'

type Of = 'registry' | 'repository'
const quota = (bytes: number, of: Of, repositories = '*', name = 'room'): ServedPolicy => ({
  ...{ registryId: 'reg_default', id: `pol_${name}`, name, repositories },
  ...{ kind: 'quota', settings: { bytes, of } },
})
const a = repo('team/a')
const b = repo('team/b')
const DENIED = { code: 'DENIED', status: 403 }
const text = (length: number, of = 'x') => of.repeat(length)

async function rows(store: Store): Promise<number> {
  return (await store.read.one<{ n: number }>(sql`select count(*) as n from size_change`))?.n ?? 0
}

for (const engine of testEngines()) {
  test(`bytes are counted once in the registry and once in each repository, on ${engine.name}`, async t => {
    const { registry, store, clock, limits } = await openTestRegistry(t, { engine })
    const sizes = async () =>
      Promise.all([
        readSize(store.read, 'reg_default'),
        ...[a, b].map(one => readSize(store.read, one.registryId, one.repository)),
      ])
    const digest = await pushBlob(registry, a, text(100))
    assert.deepEqual(await sizes(), [100, 100, 0])
    await pushBlob(registry, a, text(100))
    assert.equal(await registry.mountBlob(b, a.repository, digest, () => true), true)
    assert.deepEqual(await sizes(), [100, 100, 100])
    const config = await pushBlob(registry, a, '{}')
    const bytes = imageBytes({ config, layers: [digest] })
    const pushed = await registry.putManifest(a, { bytes, tags: ['v1'] }, TESTER)
    await registry.putManifest(a, { bytes, tags: ['v2'] }, TESTER)
    const image = 102 + bytes.length
    assert.deepEqual(await sizes(), [image, image, 100])
    assert.ok((await rows(store)) > 0)
    await collectGarbage(store, limits)
    assert.equal(await rows(store), 0)
    assert.deepEqual(await sizes(), [image, image, 100], 'folded it is the same')
    await registry.deleteManifest(a, pushed.digest, TESTER)
    assert.deepEqual(await sizes(), [102, 102, 100], 'blobs go by collection alone')
    clock.skip(limits.uploadIdle + 1)
    await collectGarbage(store, limits)
    assert.deepEqual(await sizes(), [102, 0, 0], 'what no repository links counts until it is removed')
    clock.skip(limits.reclaimDelay + 1)
    await collectGarbage(store, limits)
    await collectGarbage(store, limits)
    assert.deepEqual(await sizes(), [0, 0, 0])
    assert.equal(await store.read.one(sql`select repository from size_count`), undefined)
  })

  test(`pushes that come together fill a quota to the byte and never pass it, on ${engine.name}`, async t => {
    const { registry, store } = await openTestRegistry(t, { engine, policies: policiesOf(quota(1000, 'registry')) })
    const pushes = Array.from({ length: 25 }, (_, i) =>
      pushBlob(registry, i % 2 ? a : b, text(99, String.fromCharCode(65 + i))),
    )
    const results = await Promise.allSettled(pushes)
    const done = results.filter(one => one.status === 'fulfilled').length
    assert.equal(done, 10, 'nobody who would have fitted was refused for another who was refused too')
    assert.equal(await readSize(store.read, 'reg_default'), 990)
    await pushBlob(registry, a, text(10, '!'))
    await assert.rejects(pushBlob(registry, a, text(1, '?')), DENIED)
    await assertSizesExact(store)
  })
}

test('what was there before it was counted is counted by the migration', async () => {
  for (const engine of testEngines()) {
    const place = engine.place()
    if (!engine.shared) continue
    const { migrations, writes } = { migrations: registryMigrations, writes: [fill] }
    const before = await engine.open(place.at, { migrations: migrations.slice(0, -sizeMigrations.length), writes })
    await before.write(fill, null)
    await before.close()
    const store = await engine.open(place.at, { migrations, writes })
    await assertSizesExact(store)
    assert.deepEqual(
      [await readSize(store.read, 'reg_default'), await readSize(store.read, 'reg_default', 'a')],
      [17, 17],
    )
    assert.equal(await readSize(store.read, 'reg_default', 'b'), 10)
    await store.close()
    await place.remove()
  }
})

const fill = write('test.fill', async (tx): Promise<null> => {
  await tx.run(
    sql`insert into blob (registry_id, digest, blob_key, size, created_at) values ('reg_default', 'd', 'k', 10, 1)`,
  )
  for (const name of ['a', 'b']) {
    await tx.run(sql`insert into repository_blob (registry_id, repository, digest, blob_key, size, review_at)
      values ('reg_default', ${name}, 'd', 'k', 10, 0)`)
  }
  await tx.run(sql`insert into manifest
    (registry_id, repository, digest, media_type, artifact_type, subject, size, created_at, hlc, body)
    values ('reg_default', 'a', 'm', '', '', '', 7, 1, '', ${Buffer.from('seven b')})`)
  return null
})

/** One list, as the configuration is one until it changes. */
function policiesOf(...policies: ServedPolicy[]): () => readonly ServedPolicy[] {
  return () => policies
}

test('a repository’s quota is its own, and one of a pattern holds for each that matches', async t => {
  const { registry } = await openTestRegistry(t, { policies: policiesOf(quota(150, 'repository', 'team/*')) })
  const digest = await pushBlob(registry, a, text(100))
  await pushBlob(registry, b, text(120, 'y'))
  await assert.rejects(
    registry.mountBlob(b, a.repository, digest, () => true),
    DENIED,
  )
  await assert.rejects(pushBlob(registry, a, text(51, 'z')), DENIED)
  await pushBlob(registry, a, text(100))
  await pushBlob(registry, repo('other'), text(1000, 'w'))
})

test('of several quotas all hold, and the answer names the one that is met', async t => {
  const both = policiesOf(quota(300, 'registry', '*', 'all'), quota(200, 'repository', '*', 'each'))
  const { registry } = await openTestRegistry(t, { policies: both })
  await pushBlob(registry, a, text(150))
  await assert.rejects(pushBlob(registry, a, text(100, 'y')), {
    ...DENIED,
    detail: { policy: 'each', of: 'repository', limit: 200, held: 150, more: 100 },
  })
  await assert.rejects(pushBlob(registry, b, text(151, 'y')), {
    ...DENIED,
    detail: { policy: 'all', of: 'registry', limit: 300, held: 150, more: 151 },
  })
  await pushBlob(registry, b, text(150, 'y'))
})

test('what is refused leaves no bytes, and what was acknowledged stays whole', async t => {
  const { registry, dir } = await openTestRegistry(t, { policies: policiesOf(quota(400, 'registry')) })
  const digest = await pushImage(registry, a, 'v1')
  const files = () => readdirSync(dir, { recursive: true, withFileTypes: true }).filter(one => one.isFile()).length
  const before = files()
  await assert.rejects(pushBlob(registry, a, text(500)), DENIED)
  const { id } = await registry.startUpload(a)
  await registry.appendUpload(a, id, bytesOf(text(300)))
  await assert.rejects(registry.finishUpload(a, id, digestOf(text(400)), bytesOf(text(100))), DENIED)
  await assert.rejects(registry.uploadStatus(a, id), { code: 'BLOB_UPLOAD_UNKNOWN' })
  assert.equal(files(), before, 'neither bytes nor a record of them')
  const config = digestOf('{}')
  const large = imageBytes({ config, note: text(400) })
  await assert.rejects(registry.putManifest(a, { bytes: large, tags: ['v1'] }, TESTER), DENIED)
  assert.equal((await registry.getManifest(a, 'v1'))?.digest, digest)
})

test('once it is full no upload begins, until something went; a quota that is lowered takes nothing away', async t => {
  const holding = { policies: [quota(1000, 'registry')] as readonly ServedPolicy[] }
  const { registry, store, clock, limits } = await openTestRegistry(t, { policies: () => holding.policies })
  const digest = await pushBlob(registry, a, text(100))
  holding.policies = [quota(60, 'registry')]
  await assert.rejects(registry.startUpload(b), DENIED)
  assert.ok(await registry.openBlob(a, digest))
  await registry.deleteBlob(a, digest, TESTER)
  await assert.rejects(registry.startUpload(b), DENIED, 'its bytes are still there')
  clock.skip(limits.reclaimDelay + 1)
  await collectGarbage(store, limits)
  await pushBlob(registry, b, text(60))
})

test('nodes that commit at one moment pass a quota by what the others commit then, and no further', async t => {
  const policies = policiesOf(quota(1000, 'registry'))
  const { registry, store, dir, clock, limits } = await openTestRegistry(t, { policies })
  const beside = (node: string): Registry => {
    const blobs = fileBlobs({ disk: nodeDisk(), dir, node, clock, reserveBytes: 0 })
    return createRegistry({ store, blobs, clock, region: 'home', node, limits, policies })
  }
  const nodes = [registry, beside('1'), beside('2')]
  const size = 90
  const pushes = Array.from({ length: 60 }, (_, i) =>
    pushBlob(nodes[i % 3] ?? registry, a, text(size, String.fromCharCode(65 + i))),
  )
  await Promise.allSettled(pushes)
  const held = await readSize(store.read, 'reg_default')
  assert.ok(held >= 990 && held <= 3 * 1000, `${held} bytes`)
  await assertSizesExact(store)
  for (const node of nodes) await assert.rejects(pushBlob(node, a, text(size, '!')), DENIED)
})

test('a client reads why: 403 DENIED with the policy, what there is and what there may be', async (t: TestContext) => {
  const { call } = await serveRegistry(t, { policies: policiesOf(quota(100, 'registry')) })
  const push = (bytes: string) =>
    call(`/v2/team/a/blobs/uploads/?digest=${digestOf(bytes)}`, { method: 'POST', body: bytes })
  assert.equal((await push(text(60))).status, 201)
  const refused = await push(text(60, 'y'))
  assert.equal(refused.status, 403)
  const { errors } = (await refused.json()) as { errors: { code: string; message: string }[] }
  assert.equal(errors[0]?.code, 'DENIED')
  assert.match(
    errors[0]?.message ?? '',
    /The registry holds 60 bytes, and 60 more would pass the 100 that quota "room" allows/,
  )
  assert.equal((await push(text(60))).status, 201, 'pushed again it adds nothing')
})
