import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { queryAudit } from '../../audit/index.ts'
import { type Store, sql, type Write } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { mediaTypes } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { flushPulls } from '../pulls/run.ts'
import { imageBytes, indexBytes, openTestRegistry, pushBlob, pushImage, repo, TESTER } from '../registry.fixture.ts'
import type { PolicyRule, ServedPolicy } from './policy.ts'
import type { Swept } from './swept.ts'
import { PolicyWork } from './work.ts'

const app = repo('team/app')
const DAY = 24 * 3_600_000
const HOUR = 3_600_000

const policy = (rule: PolicyRule, more: Partial<ServedPolicy> = {}): ServedPolicy =>
  ({ registryId: 'reg_default', id: 'pol_1', name: 'one', repositories: '*', ...rule, ...more }) as ServedPolicy
const retention = (days: number, more: Partial<ServedPolicy> = {}) =>
  policy({ kind: 'retention', settings: { days } }, more)
const NO_RULE = { keepLast: null, keepPushedDays: null, keepPulledDays: null, keepMatching: [], deleteManifests: false }
type TagSettings = Extract<PolicyRule, { kind: 'tags' }>['settings']
const tagRule = (settings: Partial<TagSettings>, more: Partial<ServedPolicy> = {}) =>
  policy({ kind: 'tags', settings: { tags: ['*'], ...NO_RULE, ...settings } }, more)

async function open(t: TestContext, engine: TestEngine, first: ServedPolicy[] = []) {
  let served = first
  const policies = () => served
  const real = await openTestRegistry(t, { engine, policies })
  const { store, clock, registry } = real
  const parts = { store, clock, region: 'home', policies, keepFor: 1000, sharesPulls: false }
  const work = new PolicyWork(parts)
  const never = new AbortController().signal
  /** A preview, then the run: both have to say the same. */
  const sweep = async (one: ServedPolicy): Promise<Swept> => {
    served = [...served.filter(held => held.id !== one.id), one]
    const previewed = await work.preview(one, '')
    const ran = await work.run(one, TESTER.tenantId, never)
    const going = (swept: Swept) => swept.items.filter(item => item.goes)
    assert.deepEqual(going(ran), going(previewed))
    assert.deepEqual([ran.tags.goes, ran.manifests.goes], [previewed.tags.goes, previewed.manifests.goes])
    return previewed
  }
  const put = async (bytes: Buffer, ...tags: string[]) =>
    (await registry.putManifest(app, { bytes, tags }, TESTER)).digest
  const serve = (...all: ServedPolicy[]) => {
    served = all
  }
  return { ...real, work, parts, serve, sweep, put, never }
}

const gone = ({ items }: Swept) => items.filter(item => item.goes).map(item => `${item.kind} ${item.name}: ${item.why}`)
const kept = ({ items }: Swept) => items.filter(item => !item.goes).map(item => `${item.name}: ${item.why}`)
const tagsOf = async (store: Store, { registryId, repository }: RepoRef = app) =>
  (
    await store.read.all<{ name: string }>(sql`select name from tag where registry_id = ${registryId}
      and repository = ${repository} order by name`)
  ).map(row => row.name)
const manifestsOf = async (store: Store) =>
  (await store.read.all<{ digest: string }>(sql`select digest from manifest order by digest`)).map(row => row.digest)

for (const engine of testEngines()) {
  suite(`retention on ${engine.name}`, () => {
    test('of any media type, so many days after it lost its last tag or was pushed without one', async t => {
      const { registry, store, clock, sweep, put } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      const oci = await put(imageBytes({ config, note: 'oci' }), 'moves')
      const index = await put(indexBytes([await put(imageBytes({ config, note: 'in the index' }))]))
      const artifact = await put(imageBytes({ config, artifactType: 'application/x', note: 'artifact' }))
      const docker = JSON.parse(imageBytes({ config, note: 'docker' }).toString())
      const dockerBytes = Buffer.from(JSON.stringify({ ...docker, mediaType: mediaTypes.dockerManifest }))
      const old = await put(dockerBytes)
      clock.skip(6 * DAY)
      await pushImage(registry, app, 'moves', 'another')
      assert.deepEqual(gone(await sweep(retention(7))), [])
      clock.skip(DAY + HOUR)
      const swept = await sweep(retention(7))
      assert.deepEqual(new Set(swept.items.map(item => item.name)).size, 4)
      for (const digest of [index, artifact, old]) assert.ok(gone(swept).includes(`manifest ${digest}: untagged`))
      assert.equal(
        swept.items.some(item => item.name === oci),
        false,
      )
      clock.skip(6 * DAY)
      assert.deepEqual(gone(await sweep(retention(7))), [`manifest ${oci}: untagged`])
      assert.deepEqual(await tagsOf(store), ['moves'])
    })

    test('what a kept index lists stays, and what is of something kept; with what goes goes what it alone held', async t => {
      const { registry, store, clock, sweep, put } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      const [amd, arm, both] = [
        await put(imageBytes({ config, note: 'amd' })),
        await put(imageBytes({ config, note: 'arm' })),
        await put(imageBytes({ config, note: 'both' })),
      ]
      const keptIndex = await put(indexBytes([amd, both]), 'v2')
      const goneIndex = await put(indexBytes([arm, both]), 'v1')
      const keptSignature = await put(imageBytes({ config, subject: keptIndex, note: 'kept signature' }))
      const ofKept = await put(imageBytes({ config, subject: keptSignature, note: 'of the signature' }))
      const early = await put(imageBytes({ config, subject: goneIndex, note: 'early signature' }))
      await registry.deleteTag(app, 'v1', TESTER)
      clock.skip(8 * DAY)
      const late = await put(imageBytes({ config, subject: goneIndex, note: 'late signature' }))
      const swept = await sweep(retention(7))
      assert.deepEqual(gone(swept), [
        `manifest ${goneIndex}: untagged`,
        `manifest ${arm}: index`,
        ...[early, late].toSorted().map(digest => `manifest ${digest}: subject`),
      ])
      assert.deepEqual(new Set(await manifestsOf(store)), new Set([amd, both, keptIndex, keptSignature, ofKept]))
    })

    test('what is locked stays, and the nearest name holds', async t => {
      const { registry, clock, sweep, put, serve } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      const locked = await put(imageBytes({ config, note: 'locked' }))
      const loose = await put(imageBytes({ config, note: 'loose' }))
      await registry.setAttributes(app, { kind: 'manifest', name: locked }, { delete: false }, TESTER)
      clock.skip(8 * DAY)
      serve(retention(30, { id: 'pol_near', name: 'near', repositories: 'team/*' }))
      assert.deepEqual(gone(await sweep(retention(7))), [])
      serve()
      const swept = await sweep(retention(7))
      assert.deepEqual([gone(swept), kept(swept)], [[`manifest ${loose}: untagged`], [`${locked}: locked`]])
    })

    test('half of a push is left alone, whatever the days', async t => {
      const { registry, clock, sweep, put } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      const child = await put(imageBytes({ config, note: 'child' }))
      clock.skip(HOUR / 2)
      assert.deepEqual(gone(await sweep(retention(0))), [])
      const index = await put(indexBytes([child]), 'v1')
      clock.skip(DAY)
      assert.deepEqual(gone(await sweep(retention(0))), [])
      assert.ok(await registry.getManifest(app, index))
    })
  })

  suite(`rules of tags on ${engine.name}`, () => {
    test('the newest, those that match, that were pushed or pulled stay; the rest is untagged, and no more', async t => {
      const { registry, store, clock, sweep } = await open(t, engine)
      const push = async (tag: string) => {
        clock.skip(HOUR)
        return pushImage(registry, app, tag)
      }
      for (const tag of ['v1', 'pr-1', 'pr-2', 'pr-3', 'pr-4', 'pr-keep']) await push(tag)
      const pulled = await registry.getManifest(app, 'pr-2')
      assert.ok(pulled)
      // Counted since before the rule's days, or nobody could say.
      registry.pulls.pulled(app, 'pr-4', pulled, true)
      await flushPulls({ pulls: registry.pulls, store, log: undefined as never })
      clock.skip(31 * DAY)
      registry.pulls.pulled(app, 'pr-2', pulled, true)
      await flushPulls({ pulls: registry.pulls, store, log: undefined as never })
      const rule = tagRule({ tags: ['pr-*'], keepLast: 1, keepPulledDays: 30, keepMatching: ['*3'] })
      const swept = await sweep(rule)
      assert.deepEqual(gone(swept), ['tag pr-4: unmatched', 'tag pr-1: unmatched'])
      assert.deepEqual(kept(swept), ['pr-keep: newest', 'pr-3: matching', 'pr-2: pulled'])
      assert.deepEqual(await tagsOf(store), ['pr-2', 'pr-3', 'pr-keep', 'v1'])
      assert.equal((await manifestsOf(store)).length, 6)
    })

    test('while nobody can say what was pulled, that rule keeps all', async t => {
      const { registry, store, clock, sweep, parts } = await open(t, engine)
      await pushImage(registry, app, 'v1')
      clock.skip(31 * DAY)
      const rule = tagRule({ keepPulledDays: 30 })
      assert.deepEqual(kept(await sweep(rule)), ['v1: pulls-unknown'])
      clock.skip(29 * DAY)
      assert.deepEqual(kept(await sweep(rule)), ['v1: pulls-unknown'], 'counted for 29 days')
      clock.skip(2 * DAY)
      const shared = new PolicyWork({ ...parts, sharesPulls: true })
      assert.deepEqual(kept(await shared.preview(rule, '')), ['v1: pulls-unknown'])
      assert.deepEqual(gone(await sweep(rule)), ['tag v1: unmatched'])
      assert.deepEqual(await tagsOf(store), [])
    })

    test('manifests that lost their last tag go with it where the policy says so, with their platforms and signatures', async t => {
      const { registry, store, clock, sweep, put } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      const child = await put(imageBytes({ config, note: 'child' }))
      const index = await put(indexBytes([child]), 'old')
      const signature = await put(imageBytes({ config, subject: index, note: 'signature' }))
      const two = await put(imageBytes({ config, note: 'two tags' }), 'old-too')
      const loose = await put(imageBytes({ config, note: 'untagged before' }))
      clock.skip(HOUR)
      await put(imageBytes({ config, note: 'two tags' }), 'new')
      const swept = await sweep(tagRule({ keepLast: 1, deleteManifests: true }))
      assert.deepEqual(
        new Set(gone(swept)),
        new Set([
          ...['tag old: unmatched', 'tag old-too: unmatched', `manifest ${index}: last-tag`],
          ...[`manifest ${child}: index`, `manifest ${signature}: subject`],
        ]),
      )
      assert.deepEqual(await manifestsOf(store), [two, loose].toSorted())
    })

    test('locked and immutable tags stay, and signatures that are tags stay with what they are of', async t => {
      const immutable = policy({ kind: 'immutable', settings: { tags: ['v*'] } }, { id: 'pol_i', name: 'stays' })
      const { registry, clock, sweep } = await open(t, engine, [immutable])
      const digest = await pushImage(registry, app, 'v1')
      await pushImage(registry, app, 'locked')
      await pushImage(registry, app, 'plain')
      const signature = `${digest.replace(':', '-')}.sig`
      const stray = `sha256-${'0'.repeat(64)}.sig`
      await pushImage(registry, app, signature)
      await pushImage(registry, app, stray)
      await registry.setAttributes(app, { kind: 'tag', name: 'locked' }, { delete: false }, TESTER)
      clock.skip(DAY)
      const swept = await sweep(tagRule({ keepMatching: ['none'] }))
      assert.deepEqual(new Set(kept(swept)), new Set(['v1: immutable', 'locked: locked', `${signature}: of-kept`]))
      assert.deepEqual(new Set(gone(swept)), new Set(['tag plain: unmatched', `tag ${stray}: unmatched`]))
    })

    test('a tag that is pushed again, pulled or locked while the policy runs stays', async t => {
      const { registry, store, clock, parts, put, never } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      const push = (tag: string) => put(imageBytes({ config, note: tag }), tag)
      for (const tag of ['again', 'same', 'goes', 'locked']) await push(tag)
      const loose = await put(imageBytes({ config, note: 'loose' }))
      clock.skip(DAY + HOUR)
      const rule = tagRule({ keepPushedDays: 1, deleteManifests: true })
      let before: () => Promise<unknown> = async () => undefined
      // Between what was read and the transaction that acts on it.
      const late: Store = {
        ...store,
        write: async <I, O>(write: Write<I, O>, input: I): Promise<O> => {
          const now = before
          before = async () => undefined
          await now()
          return store.write(write, input)
        },
      }
      const work = new PolicyWork({ ...parts, store: late, policies: () => [rule] })
      before = async () => {
        await put(imageBytes({ config, note: 'moved' }), 'again')
        await push('same')
        await registry.setAttributes(app, { kind: 'tag', name: 'locked' }, { write: false }, TESTER)
      }
      const swept = await work.run(rule, TESTER.tenantId, never)
      assert.deepEqual(
        gone(swept).filter(item => item.startsWith('tag')),
        ['tag goes: unmatched'],
      )
      assert.deepEqual(await tagsOf(store), ['again', 'locked', 'same'])
      clock.skip(8 * DAY)
      const keep = retention(7)
      const retaining = new PolicyWork({ ...parts, store: late, policies: () => [keep] })
      before = () => put(imageBytes({ config, note: 'loose' }))
      assert.deepEqual(
        gone(await retaining.run(keep, TESTER.tenantId, never)).includes(`manifest ${loose}: untagged`),
        false,
      )
      assert.ok(await registry.getManifest(app, loose))
      const pullSame = async (by: 'name' | 'digest') => {
        const found = await registry.getManifest(app, 'same')
        assert.ok(found)
        registry.pulls.pulled(app, by === 'name' ? 'same' : found.digest, found, true)
        await flushPulls({ pulls: registry.pulls, store, log: undefined as never })
      }
      await pullSame('name')
      const pulled = tagRule({ tags: ['same'], keepPulledDays: 30 })
      const pulling = new PolicyWork({ ...parts, store: late, policies: () => [pulled] })
      for (const by of ['name', 'digest'] as const) {
        clock.skip(31 * DAY)
        before = () => pullSame(by)
        assert.deepEqual(gone(await pulling.run(pulled, TESTER.tenantId, never)), [], by)
      }
    })

    test('of its registry and repositories alone, and the policy is the actor of the audit', async t => {
      const { registry, store, clock, sweep } = await open(t, engine)
      const others = [repo('team/app', 'reg_other'), repo('other/app')]
      for (const one of [app, ...others]) await pushImage(registry, one, 'v1')
      clock.skip(2 * DAY)
      await sweep(tagRule({ keepPushedDays: 1, deleteManifests: true }, { repositories: 'team/*' }))
      for (const one of others) assert.deepEqual(await tagsOf(store, one), ['v1'])
      assert.deepEqual(await tagsOf(store), [])
      const { records } = await queryAudit(store.read, { tenantId: TESTER.tenantId }, { limit: 10 })
      const deletions = records.filter(record => record.action === 'registry/content/delete').toReversed()
      assert.deepEqual(
        deletions.map(({ actor, policyId, detail }) => ({ actor, policyId, because: detail?.because })),
        [1, 2].map(() => ({
          ...{ actor: { id: 'pol_1', kind: 'policy', tenantId: TESTER.tenantId }, policyId: 'pol_1', because: 'one' },
        })),
      )
      assert.deepEqual(
        deletions.map(record => Object.keys(record.detail ?? {}).toSorted()),
        [
          ['because', 'tag'],
          ['because', 'manifest'],
        ],
      )
      assert.match(deletions[0]?.resource ?? '', /resources\/reg_default\/repositories\/team\/app$/)
    })
  })

  suite(`purge on ${engine.name}`, () => {
    test('as acr purge: old tags of the filter but for the newest of them, and manifests without one', async t => {
      const { registry, store, clock, work, put } = await open(t, engine)
      const config = await pushBlob(registry, app, '{}')
      const loose = await put(imageBytes({ config, note: 'loose' }))
      for (const tag of ['pr-1', 'pr-2', 'pr-3', 'main']) {
        clock.skip(HOUR)
        await put(imageBytes({ config, note: tag }), tag)
      }
      clock.skip(3 * DAY)
      const fresh = await put(imageBytes({ config, note: 'fresh' }), 'pr-4')
      const asked = { filters: ['team/.*:^pr-'], ago: 2 * DAY, keep: 1, tags: true, untagged: true, after: '' }
      const would = await work.purge('reg_default', { ...asked, dryRun: true }, TESTER)
      assert.deepEqual(
        gone(would).filter(item => item.startsWith('tag')),
        ['tag pr-2: unmatched', 'tag pr-1: unmatched'],
      )
      assert.deepEqual(kept(would), ['pr-4: pushed', 'pr-3: newest'])
      assert.equal(would.manifests.goes, 3)
      assert.ok(gone(would).includes(`manifest ${loose}: untagged`))
      assert.equal((await tagsOf(store)).length, 5)
      const did = await work.purge('reg_default', { ...asked, dryRun: false }, TESTER)
      assert.deepEqual(gone(did), gone(would))
      assert.deepEqual(await tagsOf(store), ['main', 'pr-3', 'pr-4'])
      assert.ok(await registry.getManifest(app, fresh))
      const { records } = await queryAudit(store.read, { tenantId: TESTER.tenantId }, { limit: 1 })
      assert.deepEqual([records[0]?.actor.id, records[0]?.detail?.because], [TESTER.actor.id, 'purge'])
      await assert.rejects(work.purge('reg_default', { ...asked, filters: ['team/app:pr-*'], dryRun: false }, TESTER), {
        code: 'PURGE_FILTER_REFUSED',
      })
    })

    test('a question has its time, and says where to go on', async t => {
      const { registry, clock, work, parts } = await open(t, engine)
      for (const name of ['a', 'b', 'c']) await pushImage(registry, repo(name), 'v1')
      clock.skip(DAY)
      let looks = 0
      const hurried = new PolicyWork({ ...parts, clock: { ...clock, monotonic: () => (looks++ > 3 ? 1e9 : 0) } })
      const asked = { filters: ['.*:.*'], ago: 0, keep: 0, tags: true, untagged: false, dryRun: true }
      const first = await hurried.purge('reg_default', { ...asked, after: '' }, TESTER)
      assert.ok(first.next !== undefined && first.tags.goes < 3)
      const rest = await work.purge('reg_default', { ...asked, after: first.next }, TESTER)
      const seen = new Set([...first.items, ...rest.items].map(item => item.repository))
      assert.deepEqual(seen, new Set(['a', 'b', 'c']))
      assert.equal(rest.next, undefined)
      assert.equal(first.tags.goes + rest.tags.goes, 3, 'none is counted twice')
    })
  })
}
