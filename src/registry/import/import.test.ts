import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, sql } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf, mediaTypes } from '../../oci/index.ts'
import { setAttributes } from '../content/writes.ts'
import { HOME, pushBlob, pushImage, TESTER } from '../registry.fixture.ts'
import { blobReads, fillSource, openImports, TARGET } from './import.fixture.ts'
import type { Import } from './import.ts'
import { createTally } from './tally.ts'
import { importTarget } from './target.ts'
import { imports } from './writes.ts'

for (const engine of testEngines()) describe(`imports: ${engine.name}`, () => suite(engine))

function suite(engine: TestEngine): void {
  for (const referrersApi of [true, false]) {
    test(`an index, its platforms and its signature, byte for byte; referrers API: ${referrersApi}`, async t => {
      const { source, registry, store, start, tryOnce, look, audit } = await openImports(t, engine, {
        source: { referrersApi },
      })
      const content = fillSource(source, 'a')
      if (!referrersApi) addFallback(source, content)
      await start({ tags: ['v1', 'latest'] })
      assert.equal(await tryOnce(), undefined)

      const done = await look()
      assert.deepEqual([done.state, done.error, done.digest], ['succeeded', undefined, content.root.digest])
      const { manifests, blobs, bytes, fetched } = done.progress
      const size = [...content.blobs.values()].reduce((sum, one) => sum + one.length, 0)
      assert.deepEqual(
        [manifests, blobs, bytes],
        [
          { done: 4, total: 4 },
          { done: 7, total: 7 },
          { done: size, total: size },
        ],
      )
      assert.equal(fetched, size)
      for (const tag of ['v1', 'latest']) {
        const found = await registry.getManifest(TARGET, tag)
        assert.ok(Buffer.from(found?.bytes ?? []).equals(content.root.bytes))
      }
      const listed = await registry.listReferrers(TARGET, content.root.digest, {
        n: 10,
        last: '',
        artifactType: '',
      })
      assert.equal(listed?.items.length, 1)
      // Children before what lists them, referrers after their subject; each once, as who asked.
      const order = [...content.manifests, content.signature].map(
        one => `user:tester registry/content/write ${one.digest}`,
      )
      assert.deepEqual(await audit(), ['user:tester registry/content/write imp_1', ...order])
      const told = await store.read.all<{ kind: string }>(sql`select kind from feed_entry order by id`)
      assert.deepEqual(told.filter(one => one.kind === 'tag.put').length, 2)
    })
  }

  test('what is here is not fetched again: in the repository, and elsewhere in the registry for who may read it', async t => {
    const { source, start, tryOnce, look } = await openImports(t, engine, { source: { referrersApi: true } })
    const content = fillSource(source, 'a')
    await start()
    await tryOnce()
    const reads = blobReads(source)
    assert.equal(reads, content.blobs.size)
    await start({ id: 'imp_2', tags: ['v1', 'v2'] })
    await tryOnce('imp_2')
    await start({ id: 'imp_3', repository: 'other/app', mayMount: true })
    await tryOnce('imp_3')
    assert.equal(blobReads(source), reads)
    assert.deepEqual([(await look('imp_2')).state, (await look('imp_3')).state], ['succeeded', 'succeeded'])
    assert.equal((await look('imp_3')).progress.fetched, 0)
    await start({ id: 'imp_4', repository: 'closed/app', mayMount: false })
    await tryOnce('imp_4')
    assert.equal(blobReads(source), 2 * reads)
  })

  test('a blob that collection takes while the import looks at it is fetched', async t => {
    const { source, registry, start, tryOnce, look } = await openImports(t, engine)
    const content = fillSource(source, 'a')
    const [digest, bytes] = [...content.blobs][0] ?? assert.fail()
    assert.equal(await pushBlob(registry, TARGET, bytes), digest)
    const keep = t.mock.method(registry, 'keepBlob', async () => {
      await registry.deleteBlob(TARGET, digest, TESTER)
      return false
    })
    await start()
    assert.equal(await tryOnce(), undefined)
    assert.deepEqual([(await look()).state, (await look()).error], ['succeeded', undefined])
    assert.equal(keep.mock.callCount(), 1)
    assert.equal(blobReads(source, digest), 1)
  })

  test('by digest, without a tag and without referrers; a second time nobody is told of anything', async t => {
    const { source, registry, start, tryOnce, look, audit } = await openImports(t, engine, {
      source: { referrersApi: true },
    })
    const content = fillSource(source, 'a')
    const by = { host: source.host, repository: 'team/app', tag: '', digest: content.root.digest, allTags: false }
    await start({ source: by, tags: [], referrers: false })
    await tryOnce()
    assert.equal((await look()).progress.manifests.done, 3)
    assert.ok(await registry.getManifest(TARGET, content.root.digest))
    assert.equal(await registry.getManifest(TARGET, content.signature.digest ?? ''), undefined)
    const before = (await audit()).length
    await start({ id: 'imp_2', source: by, tags: [], referrers: false })
    await tryOnce('imp_2')
    assert.equal((await audit()).length, before + 1)
  })

  test('a tag that leads elsewhere is refused before anything is fetched, and again in the push; force moves it', async t => {
    const { source, registry, start, tryOnce, look, store } = await openImports(t, engine)
    const content = fillSource(source, 'a')
    const own = await pushImage(registry, TARGET, 'v1')
    await start()
    assert.equal(await tryOnce(), undefined)
    const refused = await look()
    assert.deepEqual([refused.state, refused.error?.code, refused.error?.status], ['failed', 'IMPORT_TAGS_TAKEN', 409])
    assert.match(refused.error?.says ?? '', /mirror\/app here: v1$/)
    assert.equal(blobReads(source), 0)
    await start({ id: 'imp_2', force: true })
    await tryOnce('imp_2')
    assert.equal((await registry.getManifest(TARGET, 'v1'))?.digest, content.root.digest)

    // Between the look and the push somebody else may have been there.
    const found = await registry.getManifest(TARGET, own)
    assert.ok(found)
    const two = { digest: own, tags: ['new', 'v1'] }
    const put = (one: Import) => {
      const target = importTarget({ registry, store, tally: createTally() }, one, two)
      return target.putManifest({ bytes: found.bytes, mediaType: found.mediaType, digest: own, top: true })
    }
    await assert.rejects(put(await look()), (error: Failure) => error.code === 'IMPORT_TAGS_TAKEN')
    assert.equal(await registry.getManifest(TARGET, 'new'), undefined)
    await put(await look('imp_2'))
    assert.equal((await registry.getManifest(TARGET, 'v1'))?.digest, own)
  })

  test('a locked repository takes nothing, and the import says by what', async t => {
    const { source, registry, store, start, tryOnce, look } = await openImports(t, engine)
    fillSource(source, 'a')
    await pushBlob(registry, TARGET, 'x')
    const of = { kind: 'repository', name: '' } as const
    await store.write(setAttributes, { ...TARGET, of, set: { write: false }, from: { ...TESTER, region: HOME } })
    await start()
    await tryOnce()
    assert.equal((await look()).error?.code, 'REGISTRY_DISALLOWED_OPERATION')
    assert.equal(blobReads(source), 0)
  })

  test('cut off in a blob: a later try goes on by range there, and fetches nothing that is whole', async t => {
    const held = holdAt(5 * 1024 * 1024)
    const { source, start, tryOnce, look, uploads } = await openImports(t, engine, held.options)
    const content = fillSource(source, 'a')
    const large = addLayer(source, content, 8 * 1024 * 1024)
    held.digest = large
    const stop = new AbortController()
    await start({ source: { host: source.host, repository: 'team/app', tag: 'large', digest: '', allTags: false } })
    const trying = tryOnce('imp_1', stop.signal)
    await until(async () => (await look()).progress.bytes.done > 5 * 1024 * 1024)
    stop.abort(new Error('the process stops'))
    assert.match(String(await trying), /the process stops/)
    const cut = await look()
    assert.deepEqual([cut.state, cut.failures], ['waiting', 0])
    assert.equal(await uploads(), 1)
    held.digest = ''
    assert.equal(await tryOnce(), undefined)
    assert.equal((await look()).state, 'succeeded')
    const ranges = source.log.flatMap(({ line, headers }) =>
      line.includes(large) && headers.range ? [headers.range] : [],
    )
    assert.match(ranges.join(), /^bytes=[1-9]\d{6}-$/)
    assert.equal(blobReads(source), 1 + 1 + 1)
    assert.equal(await uploads(), 0)
  })

  test('a source that cuts every answer and knows no ranges is read over until the blob is whole', async t => {
    const { source, start, tryOnce, look } = await openImports(t, engine, {
      source: {
        ignoreRange: true,
        fault: (method, url, seen) =>
          method === 'GET' && url.pathname.includes('/blobs/') && seen % 2 === 0 ? { cutAnswer: 1234 } : undefined,
      },
    })
    fillSource(source, 'a')
    await start({ referrers: false })
    assert.equal(await tryOnce(), undefined)
    assert.equal((await look()).state, 'succeeded')
  })

  test('a host that is not there is tried four times; one that brought something before, longer', async t => {
    const { source, start, tryOnce, look } = await openImports(t, engine)
    fillSource(source, 'a')
    const gone = { host: '127.0.0.1:1', repository: 'team/app', tag: '1.0', digest: '', allTags: false }
    await start({ source: gone })
    for (const left of [3, 2, 1]) {
      const again = await tryOnce()
      assert.ok(again instanceof Failure && again.status >= 500, `another try follows, ${left} are left`)
      const waits = await look()
      assert.deepEqual([waits.state, waits.failures, waits.error?.code], ['waiting', 4 - left, 'OCI_UNREACHABLE'])
    }
    assert.equal(await tryOnce(), undefined)
    assert.equal((await look()).state, 'failed')
  })

  test('a process that dies at each try ends it; and one whose job was taken over changes nothing any more', async t => {
    const { source, store, start, tryOnce, look } = await openImports(t, engine)
    fillSource(source, 'a')
    await start()
    const ref = { registryId: TARGET.registryId, id: 'imp_1' }
    for (const fence of [101, 102, 103, 104]) await store.write(imports.take, { ...ref, fence })
    assert.equal(await store.write(imports.take, { ...ref, fence: 103 }), null)
    const old = { ...ref, fence: 103, progress: (await look()).progress, digest: '', doneTag: '', problems: [] }
    assert.equal(await store.write(imports.report, { ...old, moved: true }), false)
    await store.write(imports.settle, { ...ref, fence: 103, error: null })
    assert.equal((await look()).state, 'running')
    await store.write(imports.postpone, { ...ref, fence: 104, error: null })
    await store.write(imports.take, { ...ref, fence: 105 })
    assert.equal((await look()).failures, 4)
    for (let i = 0; i < 105; i++) await tryOnce()
    assert.equal((await look()).error?.code, 'IMPORT_CUT_OFF')
  })

  test('canceled: what runs stops, what waits does not begin, and no half blob stays', async t => {
    const held = holdAt(2 * 1024 * 1024)
    const { source, store, dir, start, tryOnce, look, uploads, audit } = await openImports(t, engine, held.options)
    const content = fillSource(source, 'a')
    const large = addLayer(source, content, 4 * 1024 * 1024)
    const cancel = (id: string) =>
      store.write(imports.cancel, { registryId: TARGET.registryId, id, region: HOME, by: TESTER })
    held.digest = large
    const one = { host: source.host, repository: 'team/app', tag: 'large', digest: '', allTags: false }
    await start({ source: one })
    const trying = tryOnce()
    await until(async () => (await look()).progress.bytes.done > 2 * 1024 * 1024)
    await cancel('imp_1')
    assert.equal(await trying, undefined)
    assert.deepEqual([(await look()).state, await uploads()], ['canceled', 0])
    assert.deepEqual(readdirSync(join(dir, 'uploads')), [])
    assert.equal((await audit()).filter(line => line.endsWith('imp_1')).length, 2)
    await start({ id: 'imp_2' })
    await cancel('imp_2')
    assert.equal(await tryOnce('imp_2'), undefined)
    assert.deepEqual([(await look('imp_2')).state, (await look('imp_2')).startedAt], ['canceled', 0])
    assert.equal((await cancel('imp_2')).state, 'canceled')
    await assert.rejects(cancel('imp_9'), (error: Failure) => error.code === 'IMPORT_UNKNOWN')
  })

  test('a registry that is deleted meanwhile takes nothing', async t => {
    const { source, served, start, tryOnce, look } = await openImports(t, engine)
    fillSource(source, 'a')
    await start()
    served.yes = false
    assert.equal(await tryOnce(), undefined)
    assert.equal((await look()).error?.code, 'IMPORT_REGISTRY_GONE')
    assert.equal(source.log.length, 0)
  })
}

/** The blob `digest` stops after so many bytes. */
function holdAt(bytes: number) {
  const held = {
    digest: '',
    options: {
      source: {
        referrersApi: true,
        fault: (method: string, { pathname }: URL) =>
          method === 'GET' && held.digest !== '' && pathname.endsWith(held.digest) ? { holdAnswer: bytes } : undefined,
      },
    },
  }
  return held
}

async function until(so: () => Promise<boolean>): Promise<void> {
  while (!(await so())) await sleep(10)
}

type Source = Awaited<ReturnType<typeof openImports>>['source']
type Content = ReturnType<typeof fillSource>

/** As registries without the referrers API have it: an index under a tag of the subject's digest. */
function addFallback({ manifests }: Source, { root, signature }: Content): void {
  const list = [{ mediaType: signature.mediaType, digest: signature.digest, size: signature.bytes.length }]
  const type = 'application/vnd.oci.image.index.v1+json'
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: list }))
  manifests.set(`team/app:${root.digest.replace(':', '-')}`, { bytes, type })
}

/** An image with a large layer, as `large`; the digest of that layer. */
function addLayer({ blobs, manifests }: Source, { blobs: held }: Content, size: number) {
  const layer = Buffer.alloc(size, 'large')
  const config = [...held.keys()][0]
  const digest = digestOf(layer)
  blobs.set(`team/app/${digest}`, layer)
  const type = mediaTypes.ociManifest
  const parts = {
    config: { mediaType: mediaTypes.ociConfig, digest: config, size: held.get(config ?? digest)?.length },
    layers: [{ mediaType: mediaTypes.ociLayer, digest, size }],
  }
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, ...parts }))
  manifests.set('team/app:large', { bytes, type })
  manifests.set(`team/app@${digestOf(bytes)}`, { bytes, type })
  return digest
}
