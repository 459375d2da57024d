import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { type Digest, digestOf } from '../../oci/index.ts'
import { foldCounts } from '../content/count.ts'
import {
  imageBytes,
  indexBytes,
  openTestRegistry,
  pushBlob,
  pushImage,
  repo,
  TESTER,
  type TestRegistry,
} from '../registry.fixture.ts'
import { TAGS_SHOWN } from './metadata.ts'
import { manifestsOf, type Order, placeAfter, repositoriesOf, tagsOf } from './metadata-pages.ts'

const app = repo('team/app')
const START = { name: { name: '', at: 0 }, oldest: { name: '', at: -1 }, newest: { name: '', at: 1e15 } }
const ORDERS: readonly Order[] = ['name', 'oldest', 'newest']

async function walk<T>(
  order: Order,
  read: (page: {
    n: number
    order: Order
    name: string
    at: number
  }) => Promise<{ items: T[]; next?: string } | undefined>,
  between: () => Promise<unknown> = async () => {},
): Promise<T[]> {
  const seen: T[] = []
  let at: { name: string; at: number } | undefined = START[order]
  while (at) {
    const page: { items: T[]; next?: string } | undefined = await read({ n: 3, order, ...at })
    assert.ok(page)
    seen.push(...page.items)
    at = page.next === undefined ? undefined : placeAfter(order, page.next)
    if (at) await between()
  }
  return seen
}

const counted = async ({ registry, store }: TestRegistry) => {
  const found = await registry.metadata.repository(app)
  const rows = await store.read.one<{ manifests: number; tags: number }>(sql`select
    (select count(*) from manifest where repository = ${app.repository}) as manifests,
    (select count(*) from tag where repository = ${app.repository}) as tags`)
  assert.deepEqual(found && { manifests: found.manifests, tags: found.tags }, { ...rows })
  return found
}

for (const engine of testEngines()) {
  suite(`metadata on ${engine.name}`, () => {
    test('counts are exact after each change, folded or not, and go with the repository', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store, clock } = real
      assert.equal(await registry.metadata.repository(app), undefined)
      const one = await pushImage(registry, app, 'one')
      await pushImage(registry, app, 'two')
      assert.equal((await counted(real))?.tags, 2)
      assert.equal(await store.write(foldCounts, null), false)
      await counted(real)
      // The same again changes nothing; a tag that moves is one tag.
      await pushImage(registry, app, 'one')
      await registry.putManifest(
        app,
        {
          bytes: imageBytes({ config: digestOf('{}'), note: 'one' }),
          tags: ['two', 'more'],
        },
        TESTER,
      )
      assert.deepEqual([(await counted(real))?.manifests, (await counted(real))?.tags], [2, 3])
      clock.skip(5000)
      const before = await counted(real)
      await registry.deleteTag(app, 'more', TESTER)
      const after = await counted(real)
      assert.ok((after?.updated ?? 0) >= (before?.updated ?? 0) + 5000, 'a deletion is an update')
      await store.write(foldCounts, null)
      assert.deepEqual(await counted(real), after)
      assert.equal(await registry.deleteManifest(app, one, TESTER), true)
      assert.deepEqual([(await counted(real))?.manifests, (await counted(real))?.tags], [1, 0])
      await registry.deleteManifest(app, digestOf(imageBytes({ config: digestOf('{}'), note: 'two' })), TESTER)
      await registry.deleteBlob(app, digestOf('{}'), TESTER)
      assert.equal(await registry.metadata.repository(app), undefined)
      for (const table of ['repository_count', 'count_change', 'manifest_detail']) {
        assert.deepEqual(await store.read.all({ text: `select * from ${table}`, values: [] }), [], table)
      }
    })

    test('counts stay exact while many push, delete and fold at once', async t => {
      const real = await openTestRegistry(t, { engine })
      const { registry, store } = real
      await pushBlob(registry, app, '{}')
      const push = (i: number) => pushImage(registry, app, `t${i % 7}`, `${i % 11}`)
      const drop = (i: number) =>
        i % 2 ? registry.deleteTag(app, `t${i % 7}`, TESTER) : registry.deleteManifest(app, noted(i % 11), TESTER)
      const noted = (i: number) => digestOf(imageBytes({ config: digestOf('{}'), note: `${i}` }))
      const work = Array.from({ length: 60 }, (_, i) =>
        i % 5 === 4 ? store.write(foldCounts, null) : i % 3 ? push(i) : drop(i),
      )
      await Promise.all(work)
      await counted(real)
      while (await store.write(foldCounts, null));
      await counted(real)
      assert.deepEqual(await store.read.all(sql`select id from count_change`), [])
    })

    test('a list in pages shows what was there once each, whatever comes in between', async t => {
      const { registry, clock } = await openTestRegistry(t, { engine })
      const config = await pushBlob(registry, app, '{}')
      const push = (note: string, tags: string[]) =>
        registry.putManifest(app, { bytes: imageBytes({ config, note }), tags }, TESTER)
      const digests: Digest[] = []
      for (let i = 0; i < 8; i++) {
        // Some at one millisecond, some later: neither ties nor times may lose one.
        if (i % 3 === 0) clock.skip(1000)
        digests.push((await push(`${i}`, [`t${i}`, `T${i}`])).digest)
      }
      const { digest } = await push('0', ['a', 'b', 'c', 'd', 'e'])
      digests.push(digest)
      let more = 0
      const between = async () => {
        const name = `n${more++}`
        clock.skip(1000)
        await push(name, [name, `A${name}`])
      }
      for (const order of ORDERS) {
        const manifests = await walk(order, page => registry.metadata.manifests(app, page), between)
        const all = manifests.map(one => one.digest)
        assert.equal(new Set(all).size, all.length, order)
        for (const one of digests) assert.ok(all.includes(one), order)
        const tags = await walk(order, page => registry.metadata.tags(app, { ...page, digest: '' }), between)
        assert.equal(new Set(tags.map(tag => tag.name)).size, tags.length, order)
        for (let i = 0; i < 8; i++)
          assert.ok(tags.some(tag => tag.name === `t${i}`) && tags.some(tag => tag.name === `T${i}`))
        const own = await walk(order, page => registry.metadata.tags(app, { ...page, digest }), between)
        assert.deepEqual(own.map(tag => tag.name).sort(), ['T0', 'a', 'b', 'c', 'd', 'e', 't0'], order)
        const times = (order === 'newest' ? tags.toReversed() : tags).map(tag => tag.updated)
        if (order !== 'name')
          assert.deepEqual(
            times,
            times.toSorted((a, b) => a - b),
          )
      }
      assert.equal(
        await registry.metadata.tags(repo('none'), { n: 1, order: 'name', ...START.name, digest: '' }),
        undefined,
      )
      assert.equal(
        await registry.metadata.manifests(repo('none'), { n: 1, order: 'newest', ...START.newest }),
        undefined,
      )
    })

    test('times: a tag keeps its birth when it moves, a manifest when it is pushed again', async t => {
      const { registry, clock } = await openTestRegistry(t, { engine })
      const digest = await pushImage(registry, app, 'v1')
      const tag = await registry.metadata.tag(app, 'v1')
      assert.ok(tag && tag.created === tag.updated)
      const manifest = await registry.metadata.manifest(app, digest)
      clock.skip(60_000)
      const other = await pushImage(registry, app, 'v1', 'other')
      const moved = await registry.metadata.tag(app, 'v1')
      assert.equal(moved?.digest, other)
      assert.equal(moved?.created, tag.created)
      assert.ok(moved.updated >= tag.updated + 60_000)
      assert.equal((await registry.metadata.manifest(app, digest))?.updated, manifest?.updated)
      await pushImage(registry, app, 'v2', 'v1')
      const again = await registry.metadata.manifest(app, digest)
      assert.equal(again?.created, manifest?.created)
      assert.ok((again?.updated ?? 0) >= (manifest?.updated ?? 0) + 60_000)
      assert.deepEqual(again?.tags, ['v2'])
      await registry.deleteTag(app, 'v1', TESTER)
      await pushImage(registry, app, 'v1', 'other')
      assert.ok(
        ((await registry.metadata.tag(app, 'v1'))?.created ?? 0) >= tag.created + 60_000,
        'a new tag of that name',
      )
    })

    test('what a manifest is comes from its config and from what the repository holds of it', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const text = '{"architecture":"arm64","os":"linux"}'
      const config = await pushBlob(registry, app, text)
      const layer = await pushBlob(registry, app, 'layer of 19 bytes..')
      const bytes = imageBytes({ config, layers: [layer, layer] })
      const { digest } = await registry.putManifest(app, { bytes, tags: [] }, TESTER)
      const image = await registry.metadata.manifest(app, digest)
      const configMediaType = 'application/vnd.oci.image.config.v1+json'
      const size = text.length + 19
      assert.deepEqual(image?.described, { imageSize: size, configMediaType, architecture: 'arm64', os: 'linux' })
      assert.deepEqual(image.tags, [])
      const index = await registry.putManifest(app, { bytes: indexBytes([digest]), tags: [] }, TESTER)
      const listed = await registry.metadata.manifest(app, index.digest)
      const nothing = { configMediaType: '', architecture: '', os: '' }
      assert.deepEqual(listed?.described, { imageSize: bytes.length, ...nothing })
      const odd = await pushBlob(registry, app, 'no json')
      const strange = await registry.putManifest(app, { bytes: imageBytes({ config: odd }), tags: [] }, TESTER)
      const found = await registry.metadata.manifest(app, strange.digest)
      assert.deepEqual(found?.described, { imageSize: 7, configMediaType, architecture: '', os: '' })
    })

    test('a manifest with more tags than one answer shows is cut at that many, beside others that are whole', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const config = await pushBlob(registry, app, '{}')
      const tags = Array.from({ length: TAGS_SHOWN + 5 }, (_, i) => `t${String(i).padStart(5, '0')}`)
      const { digest } = await registry.putManifest(app, { bytes: imageBytes({ config, note: 'many' }), tags }, TESTER)
      const few = await pushImage(registry, app, 'zzz')
      const page = await registry.metadata.manifests(app, { n: 10, order: 'name', ...START.name })
      const shown = new Map(page?.items.map(one => [one.digest, one.tags]))
      assert.deepEqual(shown.get(digest), tags.slice(0, TAGS_SHOWN))
      assert.deepEqual(shown.get(few), ['zzz'])
    })
  })
}

test('every page is read in the order of an index: nothing is scanned, nothing sorted', async t => {
  const { store } = await openTestRegistry(t)
  for (const order of ['name', 'newest'] as const) {
    const { text, values } = repositoriesOf(app.registryId, { n: 10, order, ...START[order] })
    const plan = await store.read.all<{ detail: string }>({ text: `explain query plan ${text}`, values })
    assert.equal(plan.length, 1, text)
    assert.match(plan[0]?.detail ?? '', /^SEARCH .* USING (COVERING )?INDEX .*[<>]/, text)
  }
  for (const order of ORDERS) {
    const page = { n: 10, order, ...START[order] }
    const queries = [
      tagsOf(app, { ...page, digest: '' }),
      tagsOf(app, { ...page, digest: 'd' }),
      manifestsOf(app, page),
    ]
    for (const { text, values } of queries) {
      const plan = await store.read.all<{ detail: string }>({ text: `explain query plan ${text}`, values })
      assert.equal(plan.length, 1, text)
      const [range] = plan
      assert.match(range?.detail ?? '', /^SEARCH .* USING INDEX .*[<>]/, text)
      // A filter is part of the range too, not a look at every tag there is.
      if (values.includes('d')) assert.match(range?.detail ?? '', /AND digest=\? AND/, text)
    }
  }
})
