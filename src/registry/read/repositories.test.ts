import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { silentLog } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { foldCounts } from '../content/count.ts'
import { REPOSITORY } from '../locks/attributes.ts'
import { flushPulls } from '../pulls/run.ts'
import { readSize } from '../quota/size.ts'
import { imageBytes, openTestRegistry, pushBlob, pushImage, repo, TESTER } from '../registry.fixture.ts'
import type { RepositoryMetadata } from './metadata.ts'
import { placeAfter } from './metadata-pages.ts'

for (const engine of testEngines()) {
  suite(`repositories on ${engine.name}`, () => {
    const open = async (t: Parameters<typeof openTestRegistry>[0]) => {
      const real = await openTestRegistry(t, { engine })
      const { metadata } = real.registry
      async function all(order: 'name' | 'newest', has = ''): Promise<RepositoryMetadata[]> {
        const seen: RepositoryMetadata[] = []
        for (let last: string | undefined = ''; last !== undefined; ) {
          const { items, next } = await metadata.repositories('reg_default', {
            ...{ n: 2, order, has },
            ...placeAfter(order, last),
          })
          assert.ok(items.length <= 2)
          seen.push(...items)
          last = next
        }
        return seen
      }
      return { ...real, all }
    }
    const names = (all: readonly { name: string }[]) => all.map(one => one.name)

    test('all of them come once, by name and the newest first, each with what it alone would tell', async t => {
      const { registry, store, clock, all } = await open(t)
      for (const name of ['b/one', 'a', 'c', 'b/two', 'd']) {
        await pushImage(registry, repo(name), 'v1')
        clock.skip(1000)
      }
      await pushImage(registry, repo('other', 'reg_2'), 'v1')
      assert.deepEqual(names(await all('name')), ['a', 'b/one', 'b/two', 'c', 'd'])
      assert.deepEqual(names(await all('newest')), ['d', 'b/two', 'c', 'a', 'b/one'])
      // A tag that moves back to what is there counts as a change too, from the next fold on.
      await pushImage(registry, repo('a'), 'v1')
      await store.write(foldCounts, null)
      const newest = await all('newest')
      assert.deepEqual(names(newest), ['a', 'd', 'b/two', 'c', 'b/one'])
      for (const one of newest) {
        assert.deepEqual(one, await registry.metadata.repository(repo(one.name)))
        assert.equal(one.bytes, await readSize(store.read, 'reg_default', one.name))
        assert.ok(one.bytes > 0)
      }
      assert.equal(await registry.metadata.countRepositories('reg_default'), 5)
      const { digest } = (await registry.metadata.tag(repo('c'), 'v1')) ?? { digest: '' }
      const found = await registry.getManifest(repo('c'), digest)
      assert.ok(found)
      registry.pulls.pulled(repo('c'), digest, found, true)
      await flushPulls({ pulls: registry.pulls, store, log: silentLog() })
      assert.deepEqual(
        (await all('name')).map(one => [one.pulls, one.pulledAt > 0]).filter(([pulls]) => pulls !== 0),
        [[1, true]],
      )
    })

    test('a search finds a part of the name in any case, and goes on by pages', async t => {
      const { registry, all } = await open(t)
      for (const name of ['team/web', 'team/api', 'web', 'webs', 'x/y']) await pushImage(registry, repo(name), 'Web-1')
      assert.deepEqual(names(await all('name', 'WEB')), ['team/web', 'web', 'webs'])
      assert.deepEqual(names(await all('newest', 'team/')), ['team/api', 'team/web'])
      assert.deepEqual(await all('name', '%'), [])
      await pushImage(registry, repo('web'), 'other')
      const page = { n: 10, order: 'name' as const, name: '', at: 0, digest: '', has: 'web' }
      assert.deepEqual(names((await registry.metadata.tags(repo('web'), page))?.items ?? []), ['Web-1'])
    })

    test('a search that looked at many names and found nothing stops, says where, and gets to the end from there', async t => {
      const { registry, clock } = await open(t)
      const config = await pushBlob(registry, repo('many'), '{}')
      // 10,000 names are looked at in one go.
      for (let i = 0; i < 105; i++) {
        const tags = Array.from({ length: 100 }, (_, at) => `t${String(i * 100 + at).padStart(5, '0')}`)
        await registry.putManifest(repo('many'), { bytes: imageBytes({ config }), tags }, TESTER)
        clock.skip(1)
      }
      for (const order of ['name', 'oldest'] as const) {
        const ask = (last: string) =>
          registry.metadata.tags(repo('many'), { n: 5, order, has: '10499', digest: '', ...placeAfter(order, last) })
        const first = await ask('')
        assert.deepEqual(first?.items, [])
        assert.ok(first.next)
        const second = await ask(first.next)
        assert.deepEqual(names(second?.items ?? []), ['t10499'])
        assert.equal(second?.next, undefined)
      }
    })

    test('what is locked is told, and what is hidden is left out', async t => {
      const { registry, all } = await open(t)
      for (const name of ['a', 'b', 'c']) await pushImage(registry, repo(name), 'v1')
      await registry.setAttributes(repo('b'), REPOSITORY, { delete: false }, TESTER)
      await registry.setAttributes(repo('c'), REPOSITORY, { list: false }, TESTER)
      const listed = await all('name')
      assert.deepEqual(
        listed.map(one => [one.name, one.attributes.delete]),
        [
          ['a', true],
          ['b', false],
        ],
      )
    })
  })
}
