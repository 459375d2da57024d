import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { type Hlc, parseHlc, type Store, sql } from '../../kernel/index.ts'
import { testEngines } from '../../kernel/store/engines.fixture.ts'
import { type Digest, digestOf } from '../../oci/index.ts'
import { imageBytes, indexBytes, openTestRegistry, pushBlob, repo } from '../registry.fixture.ts'
import { apply } from './apply.fixture.ts'
import type { ContentChange } from './change.ts'
import { manifestFacts } from './manifest-facts.ts'

const app = repo('team/app')
type Kept = { digest: string; untagged: number; held: number }

/** What the columns have to say, worked out from the rows that they stand for. */
async function expected(store: Store): Promise<Kept[]> {
  return store.read.all<Kept>(sql`select digest,
    case when exists (select 1 from tag t where t.digest = m.digest) then 0 else 1 end as untagged,
    case when exists (select 1 from manifest_reference r where r.target = m.digest)
      or exists (select 1 from manifest s where s.digest = m.subject) then 1 else 0 end as held
    from manifest m order by digest`)
}

async function kept(store: Store): Promise<Kept[]> {
  return store.read.all<Kept>(sql`select digest, case when untagged_at > 0 then 1 else 0 end as untagged, held
    from manifest_detail order by digest`)
}

const config = digestOf('{}')
const images = ['a', 'b', 'c'].map(note => imageBytes({ config, note }))
const [one, two, three] = images.map(bytes => digestOf(bytes)) as [Digest, Digest, Digest]
const signature = imageBytes({ config, note: 'signature', subject: one })
const index = indexBytes([one, two])
const all = [
  ...images,
  signature,
  imageBytes({ config, note: 'of the signature', subject: digestOf(signature) }),
  index,
  indexBytes([two, three]),
  imageBytes({ config, note: 'of the index', subject: digestOf(index) }),
]

const drawn = fc.array(
  fc.record({
    what: fc.constantFrom('push', 'push', 'push', 'tag', 'untag', 'delete'),
    at: fc.nat(all.length - 1),
    tag: fc.constantFrom('x', 'y'),
    /** Undefined: made here. Else elsewhere, in any order. */
    stamp: fc.option(fc.nat(500), { nil: undefined }),
  }),
  { minLength: 5, maxLength: 30 },
)

for (const engine of testEngines()) {
  suite(`what keeps a manifest on ${engine.name}`, () => {
    test('the columns say what the rows say, whatever changes come in whatever order', async t => {
      const { registry, store } = await openTestRegistry(t, { engine, writes: [apply] })
      let last = 0
      await fc.assert(
        fc.asyncProperty(drawn, async steps => {
          await pushBlob(registry, app, '{}')
          for (const { what, at, tag, stamp } of steps) {
            const bytes = all[at] ?? index
            const digest = digestOf(bytes)
            const hlc = stamp === undefined ? {} : { hlc: far(last + stamp) }
            const change = changeOf(what, { bytes, digest, tag, hlc })
            // A manifest without what it refers to, a tag of what is not here: refused, and nothing is changed.
            await store.write(apply, { change, origin: 'far' }).catch(error => assert.match(error.code, /UNKNOWN$/))
            assert.deepEqual(await kept(store), await expected(store))
          }
          last += 500
        }),
        { numRuns: engine.name === 'postgres' ? 15 : 60 },
      )
    })

    test('the moment is when the last tag went, or when it was pushed without one', async t => {
      const { registry, store, clock } = await openTestRegistry(t, { engine, writes: [apply] })
      await pushBlob(registry, app, '{}')
      const since = async () =>
        (
          await store.read.one<{ at: number }>(sql`select untagged_at as at from manifest_detail
          where digest = ${one}`)
        )?.at ?? -1
      const step = async (what: Step, tag = 'x', digest: Digest = one, bytes = images[0] ?? index) => {
        clock.skip(60_000)
        const now = clock.now()
        await store.write(apply, { change: changeOf(what, { bytes, digest, tag, hlc: {} }), origin: 'far' })
        return now
      }
      const between = async (at: number) => assert.ok((await since()) >= at && (await since()) < at + 30_000)
      await between(await step('push'))
      await between(await step('push'))
      await step('tag', 'x')
      await step('tag', 'y')
      assert.equal(await since(), 0)
      await step('untag', 'x')
      assert.equal(await since(), 0)
      await step('push', '', two, images[1])
      await between(await step('tag', 'y', two))
    })
  })
}

type Step = 'push' | 'tag' | 'untag' | 'delete'
type Named = { bytes: Buffer; digest: Digest; tag: string; hlc: { hlc?: Hlc } }

function changeOf(what: Step, { bytes, digest, tag, hlc }: Named): ContentChange {
  switch (what) {
    case 'push':
      return { kind: 'manifest', ...app, digest, bytes, facts: manifestFacts(bytes, undefined, digest, 1e6), ...hlc }
    case 'tag':
      return { kind: 'tag', ...app, tag, digest, ...hlc }
    case 'untag':
      return { kind: 'tag-deleted', ...app, tag, ...hlc }
    case 'delete':
      return { kind: 'manifest-deleted', ...app, digest, keepFor: 1000, ...hlc }
  }
}

// Around this machine's own time, so that either may be the later.
function far(count: number): Hlc {
  const ms = (Date.now() - 60_000 + count * 240).toString(16).padStart(12, '0')
  return parseHlc(`${ms}-0000-far.0`)
}
