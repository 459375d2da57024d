import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { parseHlc, type Store, sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf } from '../../oci/index.ts'
import { apply, at, openWith } from '../content/apply.fixture.ts'
import type { ContentChange } from '../content/change.ts'
import { openTestRegistry, pushImage, repo, TESTER } from '../registry.fixture.ts'
import { pruneAttributes, TOMBSTONE_LIFE } from '../removal/tombstones.ts'
import { ATTRIBUTES, type Attributes, attributesOf, REPOSITORY, type Subject, UNRESTRICTED } from './attributes.ts'

const app = repo('team/app')
const digest = digestOf('one')

const subject = fc.constantFrom<Subject>(
  REPOSITORY,
  { kind: 'tag', name: 'a' },
  { kind: 'tag', name: 'b' },
  { kind: 'manifest', name: digest },
)
const set = fc.record(Object.fromEntries(ATTRIBUTES.map(field => [field, fc.boolean()])), { requiredKeys: [] })
const tag = fc.constantFrom('a', 'b')
const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('attributes' as const), of: subject, set }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tag' as const), tag, digest: fc.constant(digest) }) },
  fc.record({ kind: fc.constant('tag-deleted' as const), tag }),
)

const held = (store: Store) => ({
  attributes: store.read.all(sql`select kind, name, field, enabled, hlc from attribute order by kind, name, field`),
  tags: store.read.all(sql`select name, digest, hlc from tag order by name`),
})

test('attributes from elsewhere end the same in any order among what is pushed and deleted, however often they come', async () => {
  const property = fc.asyncProperty(
    fc.array(change, { maxLength: 10 }).chain(made => {
      const stamped = made.map((one, i): ContentChange => ({ ...one, ...app, hlc: at(i + 1) }))
      const orders = fc.shuffledSubarray([...stamped, ...stamped], { minLength: stamped.length * 2 })
      return fc.tuple(fc.constant(stamped), orders)
    }),
    async ([inOrder, shuffled]) => {
      const ends = []
      for (const changes of [inOrder, shuffled]) {
        const store = await openWith(app, [digest])
        for (const one of changes) await store.write(apply, { change: one, origin: 'far' })
        const { attributes, tags } = held(store)
        ends.push({ attributes: await attributes, tags: await tags })
        await store.close()
      }
      assert.deepEqual(ends[1], ends[0])
      // What was said last of a field is what holds, unless its thing was deleted since.
      const { attributes } = ends[0] ?? {}
      for (const one of attributes ?? []) {
        const last = inOrder.findLast(
          other =>
            other.kind === 'attributes' &&
            other.of.kind === one.kind &&
            other.of.name === one.name &&
            String(one.field) in other.set,
        )
        assert.ok(last?.kind === 'attributes' && last.hlc === one.hlc)
      }
    },
  )
  await fc.assert(property, { numRuns: 100 })
})

for (const engine of testEngines()) {
  suite(`attributes on ${engine.name}`, () => {
    const of: Subject = { kind: 'tag', name: 'v1' }

    test('two regions that change different ones at once both get their way, and the later one of the same', async t => {
      const { registry, store } = await openTestRegistry(t, { engine, writes: [apply] })
      await pushImage(registry, app, 'v1')
      const far = (given: Partial<Attributes>, n: number) =>
        putThere(store, { kind: 'attributes', ...app, of, set: given, hlc: at(n) })
      await registry.setAttributes(app, of, { write: false }, TESTER)
      assert.equal(await far({ delete: false, write: true }, 1), true)
      const now = await registry.metadata.tag(app, 'v1')
      assert.deepEqual(now?.attributes, { ...UNRESTRICTED, write: false, delete: false })
      assert.equal(await far({ write: true }, 2), false)
      assert.equal(await far({ delete: true }, 3), true)
      const then = await registry.metadata.tag(app, 'v1')
      assert.deepEqual(then?.attributes, { ...UNRESTRICTED, write: false })
    })

    test('they end with what they are on: a tag of the same name begins without, and takes none that come late', async t => {
      const { registry, store } = await openTestRegistry(t, { engine, writes: [apply] })
      const pushed = await pushImage(registry, app, 'v1')
      // Far ahead of this clock: the deletion here comes after it all the same.
      const ahead = parseHlc('01ff00000000-0001-far.0')
      await putThere(store, { kind: 'attributes', ...app, of, set: { list: false }, hlc: ahead })
      await registry.setAttributes(app, { kind: 'manifest', name: pushed }, { list: false }, TESTER)
      await registry.deleteManifest(app, pushed, TESTER)
      assert.deepEqual(await store.read.all(sql`select name from attribute`), [])
      await pushImage(registry, app, 'v1')
      assert.equal(await putThere(store, { kind: 'attributes', ...app, of, set: { read: false }, hlc: ahead }), false)
      assert.deepEqual((await registry.metadata.tag(app, 'v1'))?.attributes, UNRESTRICTED)
      assert.deepEqual((await registry.metadata.manifest(app, pushed))?.attributes, UNRESTRICTED)
    })

    test('a locked repository stays while it is empty, until it is unlocked; rows of unlocked things are forgotten in time', async t => {
      const { registry, store, clock } = await openTestRegistry(t, { engine, writes: [apply] })
      const pushed = await pushImage(registry, app, 'v1')
      await registry.setAttributes(app, REPOSITORY, { list: false }, TESTER)
      await registry.deleteManifest(app, pushed, TESTER)
      await registry.deleteBlob(app, digestOf('{}'), TESTER)
      const empty = await registry.metadata.repository(app)
      assert.deepEqual([empty?.manifests, empty?.attributes.list], [0, false])
      await registry.setAttributes(app, REPOSITORY, { list: true }, TESTER)
      assert.equal(await registry.metadata.repository(app), undefined)
      await store.write(pruneAttributes, null)
      assert.equal((await store.read.all(sql`select name from attribute`)).length, 1)
      clock.skip(TOMBSTONE_LIFE + 1)
      await store.write(pruneAttributes, null)
      assert.deepEqual(await store.read.all(sql`select name from attribute`), [])
    })

    test('what is not here can not be locked, and each change is told of in the feed and the audit', async t => {
      const { registry, store } = await openTestRegistry(t, { engine, writes: [apply] })
      const lock = (what: Subject) => registry.setAttributes(app, what, { write: false }, TESTER)
      await assert.rejects(lock(REPOSITORY), { code: 'NAME_UNKNOWN' })
      await pushImage(registry, app, 'v1')
      await assert.rejects(lock({ kind: 'tag', name: 'v2' }), { code: 'TAG_UNKNOWN' })
      await assert.rejects(lock({ kind: 'manifest', name: digest }), { code: 'MANIFEST_UNKNOWN' })
      await lock(of)
      const entries = await store.read.all<{ kind: string; body: string }>(
        sql`select kind, body from feed_entry where kind = 'attributes.put'`,
      )
      const [body] = entries.map(entry => JSON.parse(entry.body))
      const { hlc, ...told } = body
      assert.ok(hlc)
      assert.deepEqual(told, { repository: 'team/app', of, set: { write: false } })
      const names = Array.from({ length: 2500 }, (_, i) => `x${i}`)
      assert.deepEqual([...(await attributesOf(store.read, app, 'tag', [...names, 'v1'])).keys()], ['v1'])
    })
  })
}

async function putThere(store: Store, one: ContentChange): Promise<boolean> {
  return (await store.write(apply, { change: one, origin: 'far' })).applied
}
