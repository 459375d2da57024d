import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import type { Digest } from '../../oci/index.ts'
import { HOME, imageBytes, pushBlob, pushImage, repo, TESTER } from '../registry.fixture.ts'
import { listTrashedManifests, listTrashedRepositories } from './lists.ts'
import { beginRestore, finishRestore } from './restore-repository.ts'
import { deleteAll, everything, openTrash, pushSigned, type TrashRegistry } from './trash.fixture.ts'

const app = repo('team/app')
const MANIFESTS = 130
const TAGS = 150

/** More than one transaction takes. */
async function fill({ registry }: TrashRegistry): Promise<void> {
  const config = await pushBlob(registry, app, '{}')
  for (let i = 0; i < MANIFESTS; i++) {
    const tags = i < TAGS - MANIFESTS ? [`t${i}`, `again${i}`] : [`t${i}`]
    await registry.putManifest(app, { bytes: imageBytes({ config, note: `${i}` }), tags }, TESTER)
  }
}

async function counts({ registry }: TrashRegistry): Promise<(number | undefined)[]> {
  const counted = await registry.metadata.repository(app)
  return [counted?.manifests, counted?.tags]
}

/** As a process that dies after the first transaction leaves it. */
async function begin({ store, limits }: TrashRegistry): Promise<void> {
  const from = { ...TESTER, region: HOME }
  await store.write(beginRestore, { ...app, force: false, immutable: [], keepFor: limits.uploadIdle, from })
}

async function job({ store }: TrashRegistry): Promise<unknown> {
  const row = await store.read.one<{ input: string }>(
    sql`select input from job where kind = 'registry.restore-repository'`,
  )
  return row && JSON.parse(row.input)
}

for (const engine of testEngines()) {
  suite(`restoring a repository on ${engine.name}`, () => {
    test('all that went with it comes back, and nothing that went before', async t => {
      const real = await openTrash(t, engine)
      const { registry, store } = real
      await fill(real)
      const { index, children, signature } = await pushSigned(real, app, 'signed')
      const before = await pushImage(registry, app, 'before')
      await registry.deleteManifest(app, before, TESTER)
      await deleteAll(real, app, [signature])
      const held = await counts(real)
      await registry.deleteRepository(app, TESTER)
      const [trashed] = (await listTrashedRepositories(store.read, 'reg_default', everything)).items
      assert.deepEqual([trashed?.repository, trashed?.live, trashed?.whole], ['team/app', false, true])
      const done = await real.restoreAll(app)
      assert.deepEqual(done, { manifests: MANIFESTS + 3, tags: TAGS + 1, inUse: [], incomplete: [], more: false })
      assert.deepEqual(await counts(real), held)
      assert.equal((await registry.getManifest(app, 'signed'))?.digest, index)
      for (const child of children) assert.ok(await registry.getManifest(app, child))
      const left = (await listTrashedManifests(store.read, app, everything)).items.map(one => one.digest)
      assert.deepEqual(left.toSorted(), [before, signature].toSorted())
      assert.deepEqual(await real.restoreAll(app), { ...done, manifests: 0, tags: 0 }, 'again: nothing is left to do')
      // The job finds the same.
      await finishRestore(store, await job(real), t.signal)
      assert.deepEqual(await counts(real), held)
    })

    test('one transaction takes a page; a crash after it is made good by the job', async t => {
      const real = await openTrash(t, engine)
      await fill(real)
      await real.registry.deleteRepository(app, TESTER)
      await begin(real)
      assert.deepEqual(await counts(real), [100, 0])
      const asked = await job(real)
      await finishRestore(real.store, asked, t.signal)
      await finishRestore(real.store, asked, t.signal)
      assert.deepEqual(await counts(real), [MANIFESTS, TAGS])
      await assert.rejects(finishRestore(real.store, { nothing: 1 }, t.signal), { code: 'JOB_HOPELESS' })
    })

    test('what is pushed by its name since keeps its tags, unless they are forced', async t => {
      const real = await openTrash(t, engine)
      const { registry } = real
      const old = await pushImage(registry, app, 'v1', 'old')
      await pushImage(registry, app, 'v2', 'old')
      await registry.deleteRepository(app, TESTER)
      const since = await pushImage(registry, app, 'v1', 'new')
      const { tags, inUse } = await real.restoreAll(app)
      assert.deepEqual([tags, inUse], [1, ['v1']])
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, since)
      await real.restoreAll(app, true)
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, old)
    })

    test('an index that lists what is gone for good stays in the trash and is named; the others come back', async t => {
      const real = await openTrash(t, engine)
      const { registry } = real
      const { index, children } = await pushSigned(real, app, 'v1')
      const other = await pushImage(registry, app, 'v2')
      await deleteAll(real, app, [children[0] as Digest])
      await registry.deleteRepository(app, TESTER)
      await real.purge(app, { digest: children[0] as Digest })
      const { incomplete, tags } = await real.restoreAll(app)
      assert.deepEqual([incomplete, tags], [[index], 1])
      assert.equal((await registry.getManifest(app, 'v2'))?.digest, other)
      assert.equal(await registry.getManifest(app, 'v1'), undefined)
    })

    test('one that was not deleted whole is not restored whole', async t => {
      const real = await openTrash(t, engine)
      const digest = await pushImage(real.registry, app, 'v1')
      await assert.rejects(real.restoreAll(app), { code: 'TRASH_REPOSITORY_UNKNOWN', status: 404 })
      await real.registry.deleteManifest(app, digest, TESTER)
      await assert.rejects(real.restoreAll(app), { code: 'TRASH_REPOSITORY_UNKNOWN' })
    })
  })
}
