import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type BlobKey, openFeed, parseHlc, type Store, sql } from '../../kernel/index.ts'
import { testEngines, testStore } from '../../kernel/store/engines.fixture.ts'
import { digestOf } from '../../oci/index.ts'
import { apply, applySetup, at, bareFacts, openWith } from './apply.fixture.ts'
import type { ContentChange, RepoRef } from './change.ts'

const app: RepoRef = { registryId: 'reg_default', repository: 'team/app' }
const digests = [digestOf('one'), digestOf('two'), digestOf('three')]

async function tagsOf(store: Store): Promise<Record<string, string>> {
  const rows = await store.read.all<{ name: string; digest: string }>(sql`select name, digest from tag order by name`)
  return Object.fromEntries(rows.map(row => [row.name, row.digest]))
}

const tagChange = fc.oneof(
  fc.record({ kind: fc.constant('tag' as const), tag: fc.constantFrom('a', 'b'), digest: fc.constantFrom(...digests) }),
  fc.record({ kind: fc.constant('tag-deleted' as const), tag: fc.constantFrom('a', 'b') }),
)

test('tag changes from elsewhere end the same in any order, however often they come', async () => {
  const property = fc.asyncProperty(
    fc.array(tagChange, { maxLength: 8 }).chain(made => {
      const stamped = made.map((change, i) => ({ ...change, ...app, hlc: at(i + 1) }))
      const orders = fc.shuffledSubarray([...stamped, ...stamped], { minLength: stamped.length * 2 })
      return fc.tuple(fc.constant(stamped), orders)
    }),
    async ([inOrder, shuffled]) => {
      const ends = []
      for (const changes of [inOrder, shuffled]) {
        const store = await openWith(app, digests)
        for (const change of changes) await store.write(apply, { change, origin: 'far' })
        ends.push(await tagsOf(store))
        await store.close()
      }
      assert.deepEqual(ends[1], ends[0])
    },
  )
  await fc.assert(property, { numRuns: 40 })
})

for (const engine of testEngines()) {
  suite(`merging content on ${engine.name}`, () => {
    const open = async (t: { after(fn: () => Promise<void>): void }) => {
      const store = await testStore(engine, applySetup)
      t.after(() => store.close())
      await store.write(openFeed, 'home')
      const put = (change: ContentChange, origin = 'home') => store.write(apply, { change, origin })
      const [digest] = digests
      assert.ok(digest)
      const manifest = { kind: 'manifest' as const, ...app, digest, bytes: Buffer.from('{}'), facts: bareFacts }
      return { store, put, digest, manifest }
    }

    test('a change made here comes after all that it replaces, also where that is far ahead of the clock', async t => {
      const { store, put, digest, manifest } = await open(t)
      await put(manifest)
      const ahead = parseHlc(`01ff00000000-ffff-far.0`)
      assert.equal((await put({ kind: 'tag', ...app, tag: 'v1', digest, hlc: ahead }, 'far')).applied, true)
      assert.equal((await put({ kind: 'tag-deleted', ...app, tag: 'v1' })).applied, true)
      assert.equal((await put({ kind: 'tag', ...app, tag: 'v1', digest })).applied, true)
      const row = await store.read.one<{ hlc: string }>(sql`select hlc from tag`)
      assert.match(row?.hlc ?? '', /^01ff00000001-0001-/)
      assert.equal((await put({ kind: 'tag-deleted', ...app, tag: 'v1', hlc: ahead }, 'far')).applied, false)
    })

    test('a deletion that comes before what it deletes is remembered', async t => {
      const { put, digest, manifest } = await open(t)
      await put({ kind: 'manifest-deleted', ...app, digest, keepFor: 1, hlc: at(5) }, 'far')
      assert.equal((await put({ ...manifest, hlc: at(4) }, 'far')).applied, false)
      assert.equal((await put({ ...manifest, hlc: at(6) }, 'far')).applied, true)
      await put({ kind: 'tag-deleted', ...app, tag: 'v1', hlc: at(8) }, 'far')
      assert.equal((await put({ kind: 'tag', ...app, tag: 'v1', digest, hlc: at(7) }, 'far')).applied, false)
    })

    test('a manifest pushed again here outlives an older deletion from elsewhere', async t => {
      const { store, put, digest, manifest } = await open(t)
      await put({ ...manifest, hlc: at(1) }, 'far')
      assert.equal((await put(manifest)).applied, true)
      const deletion = { kind: 'manifest-deleted' as const, ...app, digest, keepFor: 1 }
      assert.equal((await put({ ...deletion, hlc: at(2) }, 'far')).applied, false)
      assert.equal((await store.read.all(sql`select digest from manifest`)).length, 1)
      assert.equal((await put(deletion)).applied, true)
      assert.equal((await put(deletion)).applied, false)
      assert.deepEqual(await store.read.all(sql`select name from repository`), [])
    })

    test('a manifest with more references than a statement takes is checked whole', async t => {
      const { put, manifest } = await open(t)
      const blobs = Array.from({ length: 2500 }, (_, i) => digestOf(`blob ${i}`))
      // In the last of the lists that a statement takes.
      const digest = digestOf('blob 2499')
      await put({ kind: 'blob', ...app, digest, key: `${digest}.1` as BlobKey, size: 1, keepFor: 1000 })
      await assert.rejects(put({ ...manifest, facts: { ...bareFacts, blobs } }), (error: { message: string }) => {
        assert.match(error.message, /2499 things/)
        return true
      })
    })
  })
}
