import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { queryAudit } from '../../audit/index.ts'
import { readAll, sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { type Digest, digestOf } from '../../oci/index.ts'
import { HOME, imageBytes, indexBytes, pushBlob, pushImage, repo, TESTER } from '../registry.fixture.ts'
import { REMOVE_BLOB_JOB } from '../removal/collect.ts'
import { listTrashedManifests, listTrashedRepositories, listTrashedTags } from './lists.ts'
import { DAY, deleteAll, everything, openTrash, pushSigned, type TrashRegistry } from './trash.fixture.ts'

const app = repo('team/app')
const REG = 'reg_default'

async function bytesOf({ registry }: TrashRegistry, digest: Digest): Promise<string | undefined> {
  const source = await registry.openBlob(app, digest)
  return source && Buffer.from(await readAll(source, 1000)).toString()
}

for (const engine of testEngines()) {
  suite(`the trash on ${engine.name}`, () => {
    test('what is deleted is gone for everybody, and a restore by tag brings all of it back', async t => {
      const real = await openTrash(t, engine)
      const { registry, store, clock } = real
      const { index, children, signature, blobs } = await pushSigned(real, app, 'v1')
      const all = [index, ...children, signature]
      await deleteAll(real, app, all)
      for (const reference of ['v1', ...all]) assert.equal(await registry.getManifest(app, reference), undefined)
      clock.skip(2 * DAY)
      await real.collect()
      for (const blob of blobs) assert.equal(await registry.statBlob(app, blob), undefined, 'no blob is served')
      assert.equal(await registry.mountBlob(repo('else'), 'team/app', blobs[0] as Digest, () => true), false)
      assert.equal(await registry.metadata.repository(app), undefined)
      assert.deepEqual((await registry.listRepositories(REG, everything)).items, [])

      assert.deepEqual(await real.restore(app, { tag: 'v1' }), { manifests: 4, tags: 1, inUse: [], incomplete: [] })
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, index)
      const { items } = await registry.listReferrers(app, index, { ...everything, artifactType: '' })
      assert.deepEqual(
        items.map(item => JSON.parse(item).digest),
        [signature],
      )
      assert.equal(await bytesOf(real, blobs[1] as Digest), 'v1 one')
      const counted = await registry.metadata.repository(app)
      assert.deepEqual([counted?.manifests, counted?.tags], [4, 1])
      await real.collect()
      assert.equal(await bytesOf(real, blobs[2] as Digest), 'v1 two', 'its manifest holds it again')
      assert.deepEqual((await listTrashedManifests(store.read, app, everything)).items, [])
      assert.deepEqual((await listTrashedTags(store.read, app, everything)).items, [])
    })

    test('without a policy nothing is kept', async t => {
      const real = await openTrash(t, engine)
      real.policy.days = 0
      const digest = await pushImage(real.registry, app, 'v1')
      await real.registry.deleteManifest(app, digest, TESTER)
      assert.deepEqual((await listTrashedRepositories(real.store.read, REG, everything)).items, [])
      await assert.rejects(real.restore(app, { tag: 'v1' }), { code: 'TRASH_UNKNOWN', status: 404 })
      await assert.rejects(real.restore(app, { digest }), { code: 'TRASH_UNKNOWN' })
    })

    test('lists tell what there is, who deleted it, and until when', async t => {
      const real = await openTrash(t, engine)
      const { registry, store, clock } = real
      const digest = await pushImage(registry, app, 'v1')
      await registry.putManifest(
        app,
        { bytes: (await registry.getManifest(app, digest))?.bytes ?? Buffer.of(), tags: ['v2', 'old'] },
        TESTER,
      )
      await registry.deleteTag(app, 'old', TESTER)
      clock.skip(DAY)
      await registry.deleteManifest(app, digest, TESTER)
      const { items: manifests } = await listTrashedManifests(store.read, app, everything)
      const [one] = manifests
      assert.ok(one)
      assert.deepEqual(
        [manifests.length, one.digest, one.by, one.tags],
        [1, digest, TESTER.actor.id, ['old', 'v1', 'v2']],
      )
      assert.ok(Math.abs(one.deletedAt - clock.now()) < 60_000)
      assert.equal(one.purgeAt, one.deletedAt + 7 * DAY)
      const { items: tags } = await listTrashedTags(store.read, app, everything)
      assert.deepEqual(
        tags.map(tag => tag.name),
        ['v2', 'v1', 'old'],
        'the newest first',
      )
      assert.deepEqual(
        (await listTrashedTags(store.read, app, { ...everything, tag: 'old' })).items.map(tag => tag.name),
        ['old'],
      )
      let last = ''
      const paged: string[] = []
      for (let i = 0; i < 3; i++) {
        const page = await listTrashedTags(store.read, app, { n: 1, last })
        paged.push(...page.items.map(tag => tag.name))
        last = page.next ?? ''
      }
      assert.deepEqual([paged, last], [['v2', 'v1', 'old'], ''])
      const [found] = (await listTrashedRepositories(store.read, REG, everything)).items
      // It has a blob that no manifest needs for a while yet.
      assert.deepEqual(
        [found?.repository, found?.live, found?.whole, found?.deletedAt],
        ['team/app', true, false, Math.max(one.deletedAt, ...tags.map(tag => tag.deletedAt))],
      )
      assert.deepEqual((await listTrashedRepositories(store.read, 'reg_other', everything)).items, [])
    })

    test('by digest it comes back with the tags that went with it, where they are free', async t => {
      const real = await openTrash(t, engine)
      const { registry } = real
      const first = await pushImage(registry, app, 'v1', 'first')
      for (const tag of ['v2', 'early']) await pushImage(registry, app, tag, 'first')
      await registry.deleteTag(app, 'early', TESTER)
      await registry.deleteManifest(app, first, TESTER)
      const second = await pushImage(registry, app, 'v1', 'second')
      assert.deepEqual(await real.restore(app, { digest: first }), {
        manifests: 1,
        tags: 1,
        inUse: ['v1'],
        incomplete: [],
      })
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, second)
      assert.equal((await registry.getManifest(app, 'v2'))?.digest, first)
      assert.equal(await registry.getManifest(app, 'early'), undefined, 'it was taken off before')
      await assert.rejects(real.restore(app, { tag: 'v1' }), { code: 'RESTORE_TAG_IN_USE', status: 409 })
      await real.restore(app, { tag: 'v1', force: true })
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, first)
      await real.restore(app, { tag: 'early', digest: first })
      assert.equal((await registry.getManifest(app, 'early'))?.digest, first)
      // The answer was lost, and it is asked for again.
      const nothing = { manifests: 0, tags: 0, inUse: [], incomplete: [] }
      assert.deepEqual(await real.restore(app, { tag: 'early', digest: first }), nothing)
      assert.deepEqual(await real.restore(app, { digest: first }), nothing)
    })

    test('a tag that was deleted more than once comes back as it was last, or as asked', async t => {
      const real = await openTrash(t, engine)
      const { registry, clock } = real
      const digests: Digest[] = []
      for (const note of ['first', 'second']) {
        digests.push(await pushImage(registry, app, 'v1', note))
        await registry.deleteTag(app, 'v1', TESTER)
        clock.skip(1000)
      }
      await real.restore(app, { tag: 'v1' })
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, digests[1])
      await real.restore(app, { tag: 'v1', digest: digests[0] as Digest, force: true })
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, digests[0])
    })

    test('what is pushed again is out of the trash, and its index lists it again', async t => {
      const real = await openTrash(t, engine)
      const { registry, store } = real
      const { index, children } = await pushSigned(real, app, 'v1')
      const [child] = children as [Digest, Digest]
      const bytes = (await registry.getManifest(app, child))?.bytes ?? Buffer.of()
      await registry.deleteManifest(app, child, TESTER)
      const listed = async () =>
        (await store.read.all(sql`select digest from manifest_reference where digest = ${index} and target = ${child}`))
          .length
      const isHeld = async () =>
        (await store.read.one<{ held: number }>(sql`select held from manifest_detail where digest = ${child}`))?.held
      assert.equal(await listed(), 0)
      await registry.putManifest(app, { bytes, tags: ['child'] }, TESTER)
      assert.deepEqual([await listed(), await isHeld()], [1, 1])
      assert.deepEqual((await listTrashedManifests(store.read, app, everything)).items, [])
      await registry.deleteManifest(app, child, TESTER)
      assert.equal((await real.restore(app, { digest: index })).manifests, 0, 'it is here: nothing to do')
      await real.restore(app, { digest: child })
      assert.deepEqual([await listed(), await isHeld()], [1, 1])
      assert.ok(await registry.getManifest(app, 'child'))
    })

    test('the bytes stay for the days that the policy says now, and then go', async t => {
      const real = await openTrash(t, engine)
      const { registry, clock, store, policy } = real
      const { blobs: parts, children, index, signature } = await pushSigned(real, app, 'v1')
      const key = (await registry.statBlob(app, parts[1] as Digest))?.blob_key
      assert.ok(key)
      await deleteAll(real, app, [index, ...children, signature])
      clock.skip(6 * DAY)
      await real.collect()
      const held = async () => (await store.read.all(sql`select digest from blob`)).length
      assert.equal(await held(), 3)
      policy.days = 30
      clock.skip(20 * DAY)
      await real.collect()
      assert.equal(await held(), 3, 'more days than at the deletion')
      policy.days = 0
      clock.skip(3 * DAY)
      await real.collect()
      assert.equal(await held(), 3, 'without a policy the last days that were known count')
      policy.days = 20
      await real.collect()
      assert.equal(await held(), 0)
      assert.deepEqual((await listTrashedRepositories(store.read, REG, everything)).items, [])
      await assert.rejects(real.restore(app, { tag: 'v1' }), { code: 'TRASH_UNKNOWN' })
      for (const table of ['trash_manifest', 'trash_tag', 'trash_blob', 'trash_parent', 'trash_repository']) {
        assert.deepEqual(await store.read.all({ text: `select * from ${table}`, values: [] }), [], table)
      }
      const removals = await store.read.all<{ key: string }>(sql`select key from job where kind = ${REMOVE_BLOB_JOB}`)
      assert.equal(removals.length, 3)
      assert.ok(
        removals.some(job => job.key === key),
        'a job removes its bytes',
      )
    })

    test('a repository whose trash was all pushed again is none that has any', async t => {
      const real = await openTrash(t, engine)
      const digest = await pushImage(real.registry, app, 'v1')
      await real.registry.deleteManifest(app, digest, TESTER)
      await pushImage(real.registry, app, 'v1')
      await real.registry.deleteTag(app, 'v1', TESTER)
      await real.restore(app, { tag: 'v1' })
      await real.collect()
      assert.deepEqual(await real.store.read.all(sql`select repository from trash_repository`), [])
    })

    test('by hand it goes at once: a tag, a manifest, all of a repository', async t => {
      const real = await openTrash(t, engine)
      const { registry, store } = real
      const one = await pushImage(registry, app, 'v1', 'one')
      await pushImage(registry, app, 'v2', 'two')
      const three = await pushImage(registry, app, 'v3', 'three')
      await registry.deleteTag(app, 'v3', TESTER)
      await registry.deleteRepository(app, TESTER)
      assert.deepEqual(await real.purge(app, { tag: 'v3' }), { manifests: 0, tags: 1, more: false })
      await assert.rejects(real.restore(app, { tag: 'v3' }), { code: 'TRASH_UNKNOWN' })
      assert.equal((await real.restore(app, { digest: three })).manifests, 1)
      assert.deepEqual(await real.purge(app, { digest: one }), { manifests: 1, tags: 1, more: false })
      assert.deepEqual(await real.purge(app), { manifests: 1, tags: 1, more: false })
      assert.deepEqual(await real.purge(app), { manifests: 0, tags: 0, more: false })
      assert.deepEqual((await listTrashedRepositories(store.read, REG, everything)).items, [])
      await registry.deleteManifest(app, three, TESTER)
      await real.purge(app)
      await real.collect()
      assert.deepEqual(await store.read.all(sql`select digest from blob`), [])
    })

    test('what an index lists and is gone for good, or what is locked, refuses the restore with the reason', async t => {
      const real = await openTrash(t, engine)
      const { registry } = real
      const { index, children } = await pushSigned(real, app, 'v1')
      const [child] = children as [Digest, Digest]
      await deleteAll(real, app, [child, index])
      await real.purge(app, { digest: child })
      await assert.rejects(real.restore(app, { tag: 'v1' }), (error: { code: string; detail: unknown }) => {
        assert.deepEqual([error.code, error.detail], ['RESTORE_INCOMPLETE', { digest: index, missing: [child] }])
        return true
      })
      assert.equal(await registry.getManifest(app, 'v1'), undefined)
      const layer = digestOf('v1 one')
      await pushBlob(registry, app, 'v1 one')
      await registry.putManifest(
        app,
        { bytes: imageBytes({ config: digestOf('{}'), layers: [layer] }), tags: [] },
        TESTER,
      )
      await registry.setAttributes(app, { kind: 'repository', name: '' }, { write: false }, TESTER)
      await assert.rejects(real.restore(app, { tag: 'v1' }), { code: 'REGISTRY_DISALLOWED_OPERATION' })
      await registry.setAttributes(app, { kind: 'repository', name: '' }, { write: true }, TESTER)
      assert.equal((await real.restore(app, { tag: 'v1' })).tags, 1)
      await registry.deleteTag(app, 'v1', TESTER)
      await pushImage(registry, app, 'v1', 'other')
      await registry.setAttributes(app, { kind: 'tag', name: 'v1' }, { write: false }, TESTER)
      await assert.rejects(real.restore(app, { tag: 'v1', force: true }), { code: 'REGISTRY_DISALLOWED_OPERATION' })
    })

    test('more than one restore can take is refused, and taken in parts', async t => {
      const real = await openTrash(t, engine)
      const { registry } = real
      const config = await pushBlob(registry, app, '{}')
      const children: Digest[] = []
      for (let i = 0; i < 500; i++) {
        const bytes = imageBytes({ config, note: `${i}` })
        children.push((await registry.putManifest(app, { bytes, tags: [] }, TESTER)).digest)
      }
      const { digest } = await registry.putManifest(app, { bytes: indexBytes(children), tags: ['all'] }, TESTER)
      await deleteAll(real, app, [digest, ...children])
      await assert.rejects(real.restore(app, { tag: 'all' }), { code: 'RESTORE_TOO_LARGE', status: 413 })
      await real.restore(app, { digest: children[0] as Digest })
      assert.deepEqual(await real.restore(app, { tag: 'all' }), { manifests: 500, tags: 1, inUse: [], incomplete: [] })
    })

    test('who deleted, restored and purged is in the audit, in the words of what they did', async t => {
      const real = await openTrash(t, engine)
      const { registry, store } = real
      const digest = await pushImage(registry, app, 'v1')
      await registry.deleteManifest(app, digest, TESTER)
      await real.restore(app, { tag: 'v1' })
      await registry.deleteRepository(app, TESTER)
      await real.restoreAll(app)
      await registry.deleteTag(app, 'v1', TESTER)
      await real.purge(app)
      const { records } = await queryAudit(store.read, { tenantId: TESTER.tenantId }, { limit: 100 })
      const found = records
        .toReversed()
        .slice(2)
        .map(one => [one.action, one.detail])
      assert.deepEqual(found, [
        ['registry/content/write', { restored: 'tag', manifest: digest, manifests: 1, tags: 'v1' }],
        ['registry/content/delete', { what: 'repository', tags: 1, manifests: 1, blobs: 1 }],
        ['registry/content/write', { restored: 'repository', manifests: 1, tags: 1 }],
        ['registry/content/delete', { tag: 'v1' }],
        ['registry/content/delete', { what: 'trash', manifests: 0, tags: 1 }],
      ])
      assert.equal(records[0]?.region, HOME)
      const { text } = sql`select kind from feed_entry order by id`
      const kinds = (await store.read.all<{ kind: string }>({ text, values: [] })).map(row => row.kind)
      assert.deepEqual(kinds.filter(kind => kind.startsWith('manifest')).length, 5, 'each restore is told as a push')
    })
  })
}
