import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type ReadTx, sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { type Digest, digestOf } from '../../oci/index.ts'
import { imageBytes, indexBytes, openTestRegistry, pushBlob, repo, TESTER } from '../registry.fixture.ts'
import type { ServedPolicy } from './policy.ts'
import type { SweepingRule } from './sweeps.ts'
import { PolicyWork } from './work.ts'

// Drawn repositories and policies; what goes is held against sentences that know nothing of indexes, pages and columns.

const HOUR = 3_600_000
const DAY = 24 * HOUR

const config = digestOf('{}')
const images = ['a', 'b', 'c'].map(note => imageBytes({ config, note }))
const [a, b, c] = images.map(bytes => digestOf(bytes)) as [Digest, Digest, Digest]
const [first, second] = [indexBytes([a, b]), indexBytes([b, c])]
const signature = imageBytes({ config, note: 'signature', subject: digestOf(first) })
const ofImage = imageBytes({ config, note: 'of an image', subject: a })
const ofSignature = imageBytes({ config, note: 'of the signature', subject: digestOf(signature) })
const all = [...images, first, second, signature, ofImage, ofSignature]

const tag = fc.constantFrom('x1', 'x2', 'x3', 'y1')
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ push: fc.constantFrom(...all), tags: fc.uniqueArray(tag, { maxLength: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ untag: tag }) },
    { weight: 1, arbitrary: fc.record({ hours: fc.integer({ min: 6, max: 40 }) }) },
  ),
  { minLength: 8, maxLength: 25 },
)
const rules = fc.oneof(
  fc.record({ kind: fc.constant('retention' as const), settings: fc.record({ days: fc.nat(2) }) }),
  fc.record({
    kind: fc.constant('tags' as const),
    settings: fc.record({
      tags: fc.constantFrom<string[]>(['*'], ['x*']),
      keepLast: fc.option(fc.integer({ min: 1, max: 2 })),
      keepPushedDays: fc.option(fc.constant(1)),
      keepPulledDays: fc.constant(null),
      keepMatching: fc.constantFrom<string[]>(['x3'], ['none']),
      deleteManifests: fc.boolean(),
    }),
  }),
)

type World = {
  tags: { name: string; digest: string; at: number }[]
  manifests: { digest: string; subject: string; since: number }[]
  listed: { index: string; digest: string }[]
}

async function worldOf(db: ReadTx, repository: string): Promise<World> {
  return {
    tags: await db.all(sql`select name, digest, updated_at as at from tag where repository = ${repository}
      order by updated_at desc, name desc`),
    manifests: await db.all(sql`select m.digest, m.subject, d.untagged_at as since from manifest m
      join manifest_detail d on d.repository = m.repository and d.digest = m.digest where m.repository = ${repository}`),
    listed: await db.all(sql`select r.digest as "index", r.target as digest from manifest_reference r
      join manifest m on m.repository = r.repository and m.digest = r.target where r.repository = ${repository}`),
  }
}

/** The names of what goes. */
function expected(world: World, rule: SweepingRule, now: number): Set<string> {
  const gone = new Set<string>()
  const begins = (digest: string, since: number): boolean => {
    if (rule.kind === 'retention') return since > 0 && since <= now - Math.max(rule.settings.days * DAY, HOUR)
    return world.tags.some(one => one.digest === digest && gone.has(one.name))
  }
  if (rule.kind === 'tags') {
    const { tags, keepLast, keepPushedDays, keepMatching, deleteManifests } = rule.settings
    const looked = world.tags.filter(one => tags[0] === '*' || one.name.startsWith('x'))
    for (const [i, one] of looked.entries()) {
      const stays = i < (keepLast ?? 0) || keepMatching.includes(one.name)
      if (!stays && !(keepPushedDays !== null && one.at >= now - DAY)) gone.add(one.name)
    }
    if (!deleteManifests) return gone
  }
  for (let more = true; more; ) {
    more = false
    for (const { digest, subject, since } of world.manifests) {
      const holders = world.listed.filter(one => one.digest === digest).map(one => one.index)
      const isTagged = world.tags.some(one => one.digest === digest && !gone.has(one.name))
      const isHeld = holders.some(index => !gone.has(index))
      const isOf = world.manifests.some(one => one.digest === subject) && !gone.has(subject)
      // With a subject that goes it goes at any age, with an index as its own rule says; by a rule of tags with either.
      const follows = gone.has(subject) || (rule.kind === 'tags' && holders.some(index => gone.has(index)))
      if (gone.has(digest) || isTagged || isHeld || isOf || !(follows || begins(digest, since))) continue
      gone.add(digest)
      more = true
    }
  }
  return gone
}

for (const engine of testEngines()) {
  suite(`policies on drawn repositories: ${engine.name}`, () => {
    test('what a preview names, and then goes, is what plain sentences say', async t => {
      let policies: ServedPolicy[] = []
      const { registry, store, clock } = await openTestRegistry(t, { engine, policies: () => policies })
      const parts = { store, clock, region: 'home', policies: () => policies, keepFor: 1000, sharesPulls: false }
      const work = new PolicyWork(parts)
      let worlds = 0
      const went: Record<string, number> = { retention: 0, tags: 0 }
      await fc.assert(
        fc.asyncProperty(steps, rules, async (drawn, rule) => {
          const app = repo(`world${worlds++}`)
          await pushBlob(registry, app, '{}')
          for (const bytes of images) await registry.putManifest(app, { bytes, tags: [] }, TESTER)
          for (const step of drawn) {
            // In one millisecond nobody pushes twice.
            clock.skip(2)
            if ('hours' in step) clock.skip(step.hours * HOUR)
            else if ('untag' in step) await registry.deleteTag(app, step.untag, TESTER)
            else {
              const pushed = registry.putManifest(app, { bytes: step.push, tags: step.tags }, TESTER)
              await pushed.catch(error => assert.equal(error.code, 'MANIFEST_BLOB_UNKNOWN'))
            }
          }
          clock.skip(DAY / 2)
          const policy = { registryId: app.registryId, id: `pol_${worlds}`, name: 'one', repositories: app.repository }
          const served: ServedPolicy = { ...policy, ...rule }
          policies = [served]
          const names = expected(await worldOf(store.read, app.repository), rule, clock.now())
          const previewed = await work.preview(served, '')
          assert.deepEqual(namesOf(previewed.items), names)
          const ran = await work.run(served, TESTER.tenantId, new AbortController().signal)
          assert.deepEqual(namesOf(ran.items), names)
          const { tags, manifests } = await worldOf(store.read, app.repository)
          for (const name of names)
            assert.ok(![...tags.map(one => one.name), ...manifests.map(one => one.digest)].includes(name))
          went[rule.kind] = (went[rule.kind] ?? 0) + names.size
        }),
        { numRuns: engine.name === 'sqlite in memory' ? 150 : 30 },
      )
      const few = engine.name === 'sqlite in memory' && Object.values(went).some(count => count < 5)
      assert.ok(!few, `hardly anything went: ${JSON.stringify(went)}`)
    })
  })
}

function namesOf(items: readonly { name: string; goes: boolean }[]): Set<string> {
  return new Set(items.filter(item => item.goes).map(item => item.name))
}
