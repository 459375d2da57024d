import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Hlc, parseHlc, type Store } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { apply } from '../content/apply.fixture.ts'
import type { ContentChange } from '../content/change.ts'
import { imageBytes, openTestRegistry, pushBlob, pushImage, repo, TESTER } from '../registry.fixture.ts'
import type { ServedPolicy } from './policy.ts'

const app = repo('team/app')
const releases: ServedPolicy = {
  ...{ registryId: 'reg_default', id: 'pol_1', name: 'releases', repositories: 'team/*', kind: 'immutable' },
  settings: { tags: ['v*', '*-final'] },
}
const refused = { code: 'REGISTRY_DISALLOWED_OPERATION', status: 405, message: /immutable by policy "releases"/ }

const open = (t: Parameters<typeof openTestRegistry>[0], engine: ReturnType<typeof testEngines>[number]) =>
  openTestRegistry(t, { engine, writes: [apply], policies: () => [releases] })

for (const engine of testEngines()) {
  suite(`immutable tags on ${engine.name}`, () => {
    test('one that is there neither moves nor goes; the same again, and others, do', async t => {
      const { registry } = await open(t, engine)
      const digest = await pushImage(registry, app, 'v1')
      assert.equal(await pushImage(registry, app, 'v1'), digest, 'the same again')
      await assert.rejects(pushImage(registry, app, 'v1', 'another'), refused)
      await assert.rejects(registry.deleteTag(app, 'v1', TESTER), refused)
      await assert.rejects(registry.deleteManifest(app, digest, TESTER), refused)
      await assert.rejects(registry.deleteRepository(app, TESTER), refused)
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, digest)
      await pushImage(registry, app, 'v2')
      await pushImage(registry, app, 'dev', 'one')
      const moved = await pushImage(registry, app, 'dev', 'two')
      assert.equal(await registry.deleteTag(app, 'dev', TESTER), true)
      assert.equal(await registry.deleteManifest(app, moved, TESTER), true)
      await pushImage(registry, repo('other/app'), 'v1')
      await pushImage(registry, repo('other/app'), 'v1', 'of no policy')
    })

    test('a push of several tags moves none of them where one stays, and a manifest stays for any of its tags', async t => {
      const { registry } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      await pushImage(registry, app, 'v1')
      const bytes = imageBytes({ config, note: 'other' })
      await assert.rejects(registry.putManifest(app, { bytes, tags: ['new', 'v1'] }, TESTER), refused)
      assert.equal(await registry.getManifest(app, 'new'), undefined)
      const { digest } = await registry.putManifest(app, { bytes, tags: ['a', 'z-final'] }, TESTER)
      await assert.rejects(registry.deleteManifest(app, digest, TESTER), refused)
      await assert.rejects(registry.deleteRepository(app, TESTER), { ...refused, message: /Tag v1 / })
    })

    test('what was moved or deleted elsewhere merges', async t => {
      const { registry, store } = await open(t, engine)
      const one = await pushImage(registry, app, 'v1')
      const two = await pushImage(registry, app, 'dev', 'two')
      const far = (count: number): Hlc => parseHlc(`01ff00000000-${String(count).padStart(4, '0')}-far.0`)
      await merged(store, { kind: 'tag', ...app, tag: 'v1', digest: two, hlc: far(1) })
      assert.equal((await registry.getManifest(app, 'v1'))?.digest, two)
      await merged(store, { kind: 'tag-deleted', ...app, tag: 'v1', hlc: far(2) })
      assert.equal(await registry.getManifest(app, 'v1'), undefined)
      await merged(store, { kind: 'tag', ...app, tag: 'v1', digest: one, hlc: far(3) })
      await merged(store, { kind: 'manifest-deleted', ...app, digest: one, keepFor: 1, hlc: far(4) })
      assert.equal(await registry.getManifest(app, 'v1'), undefined)
    })
  })
}

async function merged(store: Store, change: ContentChange): Promise<void> {
  assert.equal((await store.write(apply, { change, origin: 'far' })).applied, true)
}
