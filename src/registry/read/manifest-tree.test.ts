import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf, mediaTypes } from '../../oci/index.ts'
import { imageBytes, openTestRegistry, pushBlob, repo, TESTER } from '../registry.fixture.ts'

const app = repo('team/app')

for (const engine of testEngines()) {
  suite(`a manifest as a tree on ${engine.name}`, () => {
    test('an index shows its platforms, an image its layers and who shares them, both what refers to them', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const put = async (bytes: Buffer, to = app) =>
        (await registry.putManifest(to, { bytes, tags: [] }, TESTER)).digest
      const config = await pushBlob(registry, app, '{"architecture":"arm64","os":"linux"}')
      const base = await pushBlob(registry, app, 'a base of 18 bytes')
      const own = await pushBlob(registry, app, 'own')
      const image = await put(imageBytes({ config, layers: [base, own] }))
      const other = await put(imageBytes({ config, layers: [base], note: 'other' }))
      // Elsewhere: one repository, one in another registry.
      for (const to of [repo('team/two'), repo('team/app', 'reg_2')]) await pushBlob(registry, to, 'a base of 18 bytes')
      const platform = { os: 'linux', architecture: 'arm64', variant: 'v8' }
      const entry = { mediaType: mediaTypes.ociManifest, size: 2 }
      const manifests = [
        { ...entry, digest: image, platform },
        { ...entry, digest: other },
      ]
      const index = await put(
        Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests })),
      )
      const signature = await put(imageBytes({ config, subject: image, artifactType: 'example/signature' }))

      const tree = await registry.readTree(app, image)
      assert.ok(tree)
      assert.deepEqual(
        tree.layers.map(({ digest, size, repositories, manifests, here }) => ({
          digest,
          size,
          repositories,
          manifests,
          here,
        })),
        [
          { digest: base, size: 18, repositories: 2, manifests: 2, here: true },
          { digest: own, size: 3, repositories: 1, manifests: 1, here: true },
        ],
      )
      assert.equal(tree.config?.digest, config)
      assert.equal(tree.config.manifests, 3)
      assert.deepEqual(tree.listedBy, [index])
      assert.deepEqual(
        tree.referrers.map(one => [one.digest, one.artifactType, one.here]),
        [[signature, 'example/signature', true]],
      )
      const listed = await registry.readTree(app, index)
      assert.deepEqual([listed?.kind, listed?.layers, listed?.config], ['index', [], undefined])
      assert.deepEqual(
        listed?.entries.map(one => [one.digest, one.platform, one.imageSize]),
        [
          [image, 'linux/arm64/v8', 37 + 18 + 3],
          [other, 'linux/arm64', 37 + 18],
        ],
      )
      assert.equal((await registry.readTree(app, signature))?.subject, image)
      assert.equal(await registry.readTree(app, digestOf('none')), undefined)
    })

    test('a count ends where nobody counts further, and a long list is cut and says so', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const config = await pushBlob(registry, app, '{}')
      for (let i = 0; i < 105; i++) {
        await registry.putManifest(app, { bytes: imageBytes({ config, note: String(i) }), tags: [] }, TESTER)
      }
      const layers = Array.from({ length: 203 }, () => config)
      const { digest } = await registry.putManifest(app, { bytes: imageBytes({ config, layers }), tags: [] }, TESTER)
      const tree = await registry.readTree(app, digest)
      assert.equal(tree?.config?.manifests, 101)
      assert.equal(tree?.layers.length, 200)
      assert.equal(tree?.moreLayers, 3)
    })

    test('how an image runs comes from its config, without what its variables say', async t => {
      const { registry } = await openTestRegistry(t, { engine })
      const text = JSON.stringify({
        created: '2026-01-02T03:04:05Z',
        config: {
          Entrypoint: ['/app'],
          Cmd: ['--now'],
          Env: ['KEY=secret'],
          Labels: { a: 'b', c: 7 },
          ExposedPorts: { '80/tcp': {} },
        },
      })
      const config = await pushBlob(registry, app, text)
      const settings = await registry.readSettings(app, config)
      assert.deepEqual(settings, {
        ...{ created: '2026-01-02T03:04:05Z', entrypoint: ['/app'], command: ['--now'], folder: '', user: '' },
        ...{ ports: ['80/tcp'], labels: { a: 'b', c: '' }, variables: 1 },
      })
      assert.ok(!JSON.stringify(settings).includes('secret'))
      const odd = await pushBlob(registry, app, 'no json')
      assert.equal((await registry.readSettings(app, odd))?.created, '')
      assert.equal(await registry.readSettings(app, digestOf('none')), undefined)
    })
  })
}
