import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { list, type Ms, type ReadTx, type Store, silentLog, sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import type { RepoRef } from '../content/change.ts'
import { serveRegistry } from '../http/data-plane.fixture.ts'
import { HOME, indexBytes, openTestRegistry, pushImage, repo, TESTER, type TestRegistry } from '../registry.fixture.ts'
import { createRegistry } from '../registry.ts'
import { PullCounter } from './counter.ts'
import { pullsKnownSince } from './rows.ts'
import { flushPulls } from './run.ts'

const app = repo('team/app')
const HOUR = 3_600_000

async function pull({ registry }: TestRegistry, reference: string, isWhole = true): Promise<string> {
  const manifest = await registry.getManifest(app, reference)
  assert.ok(manifest)
  registry.pulls.pulled(app, reference, manifest, isWhole)
  return manifest.digest
}

const flush = ({ registry, store }: TestRegistry) => flushPulls({ pulls: registry.pulls, store, log: silentLog() })

for (const engine of testEngines()) {
  suite(`pulls on ${engine.name}`, () => {
    test('they are counted for the repository, and tags and manifests know the last one', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store, clock } = real
      const digest = await pushImage(registry, app, 'v1')
      const other = await pushImage(registry, app, 'v2')
      const names = { tags: ['v1', 'v2'], digests: [digest, other] }
      assert.deepEqual([...(await readPulls(store.read, app, names)).tags.values()], [0, 0])
      for (let i = 0; i < 3; i++) await pull(real, 'v1')
      await pull(real, other)
      await pull(real, 'v1', false)
      assert.equal((await readPulls(store.read, app)).pulls, 0, 'nothing is written before the flush')
      const before = clock.now()
      await flush(real)
      const found = await readPulls(store.read, app, names)
      assert.equal(found.pulls, 4)
      assert.ok(found.pulledAt >= before)
      assert.equal(found.tags.get('v2'), 0)
      for (const at of [found.tags.get('v1'), found.manifests.get(digest), found.manifests.get(other)]) {
        assert.ok(at !== undefined && at >= before)
      }
      await pull(real, 'v1')
      await flush(real)
      const soon = await readPulls(store.read, app, names)
      assert.deepEqual([soon.pulls, soon.tags.get('v1')], [5, found.tags.get('v1')], 'a name is written once an hour')
      clock.skip(HOUR + 1000)
      await pull(real, 'v1')
      await flush(real)
      const later = await readPulls(store.read, app, names)
      assert.ok((later.tags.get('v1') ?? 0) >= before + HOUR)
    })

    test('what is gone counts for nothing, and what begins anew begins without pulls', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store } = real
      await pushImage(registry, app, 'v1')
      await pull(real, 'v1')
      await flush(real)
      await pull(real, 'v1')
      await registry.deleteTag(app, 'v1', TESTER)
      await flush(real)
      await pushImage(registry, app, 'v1')
      assert.equal((await readPulls(store.read, app, { tags: ['v1'] })).tags.get('v1'), 0)
      await registry.deleteRepository(app, TESTER)
      await pushImage(registry, app, 'v1')
      assert.equal((await readPulls(store.read, app)).pulls, 0)
    })

    test('of more names than memory keeps, the registry says that it does not know them', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store, clock } = real
      await pushImage(registry, app, 'v1')
      const digest = await pull(real, 'v1')
      await flush(real)
      const since = await pullsKnownSince(store.read, app.registryId)
      assert.ok(since !== undefined)
      const manifest = await registry.getManifest(app, digest)
      assert.ok(manifest)
      for (let i = 0; i < 60_000; i++) registry.pulls.pulled(app, `tag${i}`, manifest, true)
      registry.pulls.pulled(repo('other', 'reg_other'), 'v1', manifest, true)
      clock.skip(HOUR)
      await flush(real)
      assert.ok(((await pullsKnownSince(store.read, app.registryId)) ?? 0) >= since + HOUR)
      assert.ok(((await pullsKnownSince(store.read, 'reg_other')) ?? 0) >= since + HOUR)
      assert.equal((await readPulls(store.read, app)).pulls, 60_001, 'the count stays exact')
      assert.equal(await pullsKnownSince(store.read, 'reg_third'), undefined)
    })

    test('what was written before a failure is not counted again', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store } = real
      const beside = repo('team/beside')
      for (const one of [app, beside]) {
        const digest = await pushImage(registry, one, 'v1')
        const manifest = await registry.getManifest(one, digest)
        assert.ok(manifest)
        for (let i = 0; i < 600; i++) registry.pulls.pulled(one, `tag${i}`, manifest, true)
      }
      let writes = 0
      const failing: Store = {
        ...store,
        write: (...asked) => (writes++ === 0 ? store.write(...asked) : Promise.reject(new Error('away'))),
      }
      await flushPulls({ pulls: registry.pulls, store: failing, log: silentLog() })
      assert.equal((await readPulls(store.read, app)).pulls, 600)
      await flush(real)
      for (const one of [app, beside]) assert.equal((await readPulls(store.read, one)).pulls, 600, one.repository)
    })

    test('what can not be written is kept for the next flush', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store } = real
      await pushImage(registry, app, 'v1')
      await pull(real, 'v1')
      const told: string[] = []
      const broken: Store = { ...store, write: () => Promise.reject(new Error('away')) }
      const log = { ...silentLog(), warn: (_: unknown, says?: string) => void told.push(says ?? '') }
      await flushPulls({ pulls: registry.pulls, store: broken, log: log as ReturnType<typeof silentLog> })
      assert.equal(told.length, 1)
      await pull(real, 'v1')
      await flush(real)
      assert.equal((await readPulls(store.read, app)).pulls, 2)
    })
  })
}

test('a pull is one prepared read still, with no promise and no write', async t => {
  const real = await openTestRegistry(t)
  const { store, blobs, clock, limits } = real
  await pushImage(real.registry, app, 'v1')
  let reads = 0
  const counted = (read: ReadTx): ReadTx => ({
    one: query => {
      reads++
      return read.one(query)
    },
    all: query => {
      reads++
      return read.all(query)
    },
  })
  const refuse = () => Promise.reject(new Error('A pull wrote'))
  const watched: Store = { ...store, read: counted(store.read), write: refuse }
  const registry = createRegistry({
    ...{ store: watched, blobs, clock, region: HOME, node: '1', limits, policies: () => [] },
  })
  await registry.getManifest(app, 'v1')
  reads = 0
  for (let i = 0; i < 1000; i++) {
    const found = registry.getManifest(app, 'v1')
    assert.ok(found && !(found instanceof Promise))
    assert.equal(registry.pulls.pulled(app, 'v1', found, true), undefined)
  }
  assert.equal(reads, 1000)
  const { registries } = registry.pulls.take()
  const one = registries.get(app.registryId)?.get(app.repository)
  assert.deepEqual([one?.pulls, one?.tags.size, one?.digests.size], [1000, 1, 1])
})

test('at the data plane: whole images count, HEAD and indexes only say when', async t => {
  const serving = await serveRegistry(t)
  const { registry, call } = serving
  const digest = await pushImage(registry, app, 'v1')
  await registry.putManifest(app, { bytes: indexBytes([digest]), tags: ['all'] }, TESTER)
  registry.pulls.take()
  const counts = async (path: string, init: RequestInit = {}) => {
    await call(`/v2/team/app/manifests/${path}`, init)
    const one = registry.pulls.take().registries.get('reg_default')?.get('team/app')
    return one && [one.pulls, [...one.tags], one.digests.size]
  }
  assert.deepEqual(await counts('v1'), [1, ['v1'], 1])
  assert.deepEqual(await counts(digest), [1, [], 1])
  assert.deepEqual(await counts('v1', { method: 'HEAD' }), [0, ['v1'], 1])
  assert.deepEqual(await counts('v1', { headers: { 'if-none-match': `"${digest}"` } }), [0, ['v1'], 1])
  assert.deepEqual(await counts('all'), [0, ['all'], 1])
  assert.equal(await counts('v9'), undefined)
})

test('what is given back is added to what came since', () => {
  const counter = new PullCounter()
  const manifest = { digest: 'sha256:aa' } as Parameters<PullCounter['pulled']>[2]
  counter.pulled(app, 'v2', manifest, true)
  const counted = [{ ...app, pulls: 1, tags: ['v1'], digests: [manifest.digest] }]
  counter.giveBack({ counted, blurred: new Set() })
  const one = counter.take().registries.get(app.registryId)?.get(app.repository)
  assert.deepEqual([one?.pulls, [...(one?.tags ?? [])].sort()], [2, ['v1', 'v2']])
})

/** What was pulled of a repository and, where they are named, of tags and manifests of it: a page of them. */
async function readPulls(
  db: ReadTx,
  { registryId, repository }: RepoRef,
  { tags = [], digests = [] }: { tags?: readonly string[]; digests?: readonly string[] } = {},
) {
  const whole = await db.one<{ pulls: number; pulled_at: Ms }>(sql`select pulls, pulled_at from repository_count
    where registry_id = ${registryId} and repository = ${repository}`)
  type Row = { name: string; at: Ms }
  const ofTags = await db.all<Row>(sql`select name, pulled_at as at from tag
    where registry_id = ${registryId} and repository = ${repository} and name in (${list(tags)})`)
  const ofManifests = await db.all<Row>(sql`select digest as name, pulled_at as at from manifest_detail
    where registry_id = ${registryId} and repository = ${repository} and digest in (${list(digests)})`)
  const byName = (rows: readonly Row[]) => new Map(rows.map(({ name, at }) => [name, at]))
  return {
    ...{ pulls: whole?.pulls ?? 0, pulledAt: whole?.pulled_at ?? 0 },
    ...{ tags: byName(ofTags), manifests: byName(ofManifests) },
  }
}
