import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { digestOf } from '../../oci/index.ts'
import { pushImage } from '../registry.fixture.ts'
import { fillSource, openImports, TARGET } from './import.fixture.ts'

for (const engine of testEngines()) describe(`imports of whole repositories: ${engine.name}`, () => suite(engine))

const all = (host: string) => ({ host, repository: 'team/app', tag: '', digest: '', allTags: true })
const names = (count: number) => Array.from({ length: count }, (_, i) => `t${String(i).padStart(2, '0')}`)

function suite(engine: TestEngine): void {
  test('tag by tag over all pages; started again there is nothing to do', async t => {
    const { source, registry, start, tryOnce, look } = await openImports(t, engine, {
      source: { pageSize: 3, referrersApi: true },
    })
    for (const tag of names(10)) fillSource(source, tag, tag)
    await start({ source: all(source.host), tags: [] })
    assert.equal(await tryOnce(), undefined)
    const done = await look()
    assert.deepEqual(
      [done.state, done.progress.tags, done.progress.manifests],
      ['succeeded', 10, { done: 40, total: 40 }],
    )
    assert.deepEqual((await registry.listTags(TARGET, { n: 100, last: '' }))?.items, names(10))
    const before = source.lines('GET').filter(line => line.includes('/blobs/')).length
    await start({ id: 'imp_2', source: all(source.host), tags: [] })
    assert.equal(await tryOnce('imp_2'), undefined)
    assert.equal(source.lines('GET').filter(line => line.includes('/blobs/')).length, before)
  })

  test('tags that can not be imported are named at the end; the others are here', async t => {
    const { source, registry, start, tryOnce, look } = await openImports(t, engine)
    for (const tag of names(4)) fillSource(source, tag, tag)
    const old = { bytes: Buffer.from('{"schemaVersion":1}'), type: 'application/json' }
    for (const name of [':t01', `@${digestOf(old.bytes)}`]) source.manifests.set(`team/app${name}`, old)
    await pushImage(registry, TARGET, 't02')
    await start({ source: all(source.host), tags: [], referrers: false })
    assert.equal(await tryOnce(), undefined)
    const done = await look()
    assert.deepEqual([done.state, done.error?.code], ['failed', 'IMPORT_TAGS_FAILED'])
    assert.match(done.error?.says ?? '', /^2 tags could not be imported \(t01, t02\); 2 could$/)
    assert.deepEqual(
      done.problems.map(({ tag, code }) => [tag, code]),
      [
        ['t01', 'MANIFEST_INVALID'],
        ['t02', 'IMPORT_TAGS_TAKEN'],
      ],
    )
    assert.deepEqual((await registry.listTags(TARGET, { n: 100, last: '' }))?.items, ['t00', 't02', 't03'])
  })

  test('after 20 that can not, the others are not tried', async t => {
    const { source, start, tryOnce, look } = await openImports(t, engine)
    for (const tag of names(40)) source.manifests.set(`team/app:${tag}`, { bytes: Buffer.from('no'), type: 'x/y' })
    await start({ source: all(source.host), tags: [], referrers: false })
    await tryOnce()
    const done = await look()
    assert.deepEqual([done.problems.length, done.progress.tags], [20, 0])
    assert.match(done.error?.says ?? '', /so the others were not tried/)
  })

  test('cut off between two tags, a later try goes on behind the last one', async t => {
    const away = { now: false }
    const { source, start, tryOnce, look } = await openImports(t, engine, {
      source: {
        referrersApi: true,
        fault: (_, { pathname }) => (away.now || pathname.endsWith('/manifests/t03') ? { status: 500 } : undefined),
      },
    })
    for (const tag of names(5)) fillSource(source, tag, tag)
    await start({ source: all(source.host), tags: [] })
    assert.match(String(await tryOnce()), /status 500/)
    const waits = await look()
    assert.deepEqual([waits.state, waits.failures, waits.progress.tags], ['waiting', 0, 3])
    const seen = source.log.length
    assert.match(String(await tryOnce()), /status 500/)
    assert.deepEqual((await look()).failures, 1)
    assert.deepEqual(
      source
        .lines()
        .slice(seen)
        .filter(line => !line.endsWith('/manifests/t03')),
      ['GET /v2/team/app/tags/list'],
    )
  })
}
