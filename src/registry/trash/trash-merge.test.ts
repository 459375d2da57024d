import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { auditMigrations, auditWrites } from '../../audit/index.ts'
import {
  type BlobKey,
  Failure,
  type Hlc,
  openFeed,
  openSqlite,
  type Store,
  sql,
  systemClock,
} from '../../kernel/index.ts'
import { type Digest, digestOf, mediaTypes } from '../../oci/index.ts'
import { apply, applySetup } from '../content/apply.fixture.ts'
import type { ContentChange } from '../content/change.ts'
import { manifestFacts } from '../content/manifest-facts.ts'
import { deleteManifest, deleteTag, pushBlob, pushManifest, registryWrites } from '../content/writes.ts'
import { imageBytes, indexBytes, repo, TESTER } from '../registry.fixture.ts'
import { beginDeletion } from '../removal/delete-repository.ts'
import { restoreImage } from './restore.ts'
import { beginRestore } from './restore-repository.ts'

const app = repo('team/app')
const WEEK = 7 * 24 * 3600_000
const CONFIG = digestOf('{}')
const one = imageBytes({ config: CONFIG, note: 'one' })
const two = imageBytes({ config: CONFIG, note: 'two' })
const both = indexBytes([digestOf(one), digestOf(two)])
const signature = imageBytes({ config: CONFIG, subject: digestOf(both), artifactType: 'application/signature' })
const BODIES = new Map([one, two, both, signature].map(bytes => [digestOf(bytes), bytes]))
const DIGESTS = [...BODIES.keys()]

const factsOf = (digest: Digest, bytes: Uint8Array) =>
  manifestFacts(bytes, digest === digestOf(both) ? mediaTypes.ociIndex : mediaTypes.ociManifest, digest, bytes.length)

type Region = { name: string; store: Store; told: Set<string>; trashFor: number }

async function openRegion(name: string, trashFor = WEEK): Promise<Region> {
  const store = await openSqlite({
    path: ':memory:',
    migrations: [...applySetup.migrations, ...auditMigrations],
    writes: [...applySetup.writes, ...registryWrites, ...auditWrites],
    clock: systemClock(name),
  })
  await store.write(openFeed, name)
  return { name, store, told: new Set(), trashFor }
}

type Op =
  | { kind: 'push'; digest: Digest; tags: string[] }
  | { kind: 'delete' | 'restore'; digest: Digest }
  | { kind: 'untag' | 'restore-tag'; tag: string; force: boolean }
  | { kind: 'delete-all' | 'restore-all' }

/** What somebody asks of a region. What it refuses changes nothing, there and elsewhere. */
async function ask(region: Region, op: Op): Promise<void> {
  try {
    await doIt(region, op)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
  }
}

async function doIt({ name, store, trashFor }: Region, op: Op): Promise<unknown> {
  const from = { ...TESTER, region: name }
  const ruled = { ...app, from, immutable: [], trashFor, keepFor: 1000 }
  const restoring = { ...app, from, immutable: [], keepFor: 1000, force: false }
  switch (op.kind) {
    case 'push': {
      const bytes = BODIES.get(op.digest) ?? Buffer.of()
      await linkConfig(store, name)
      return store.write(pushManifest, {
        ...ruled,
        digest: op.digest,
        bytes,
        facts: factsOf(op.digest, bytes),
        tags: op.tags,
      })
    }
    case 'delete':
      return store.write(deleteManifest, { ...ruled, digest: op.digest })
    case 'untag':
      return store.write(deleteTag, { ...ruled, tag: op.tag })
    case 'delete-all':
      return store.write(beginDeletion, { ...ruled, uploadIdle: 1000 })
    case 'restore':
      return store.write(restoreImage, { ...restoring, digest: op.digest })
    case 'restore-tag':
      return store.write(restoreImage, { ...restoring, tag: op.tag, force: op.force })
    case 'restore-all':
      return store.write(beginRestore, restoring)
  }
}

function linkConfig(store: Store, region: string) {
  return store.write(pushBlob, {
    ...app,
    region,
    digest: CONFIG,
    key: `${CONFIG}.1` as BlobKey,
    size: 2,
    keepFor: 1000,
  })
}

/** What of this region the other one has not been told, as it comes there. */
async function news({ name, store, told }: Region, { trashFor }: Region): Promise<ContentChange[]> {
  type Row = { id: string; kind: string; body: string }
  const rows = await store.read.all<Row>(
    sql`select id, kind, body from feed_entry where region_id = ${name} order by id`,
  )
  const changes = rows
    .filter(row => !told.has(row.id))
    .flatMap(({ kind, body }) => changeOf(kind, JSON.parse(body), trashFor))
  for (const { id } of rows) told.add(id)
  return changes
}

type Told = { digest: Digest; tag: string; hlc: Hlc; deletion?: Hlc }

function changeOf(kind: string, { digest, tag, hlc, deletion }: Told, trashFor: number): ContentChange[] {
  const deleted = { ...app, hlc, ...(deletion ? { deletion } : {}), trash: { trashFor, by: '' } }
  if (kind === 'manifest.put') {
    const bytes = BODIES.get(digest) ?? Buffer.of()
    return [{ kind: 'manifest', ...app, digest, bytes, facts: factsOf(digest, bytes), hlc }]
  }
  if (kind === 'tag.put') return [{ kind: 'tag', ...app, tag, digest, hlc }]
  if (kind === 'manifest.deleted') return [{ kind: 'manifest-deleted', ...deleted, digest, keepFor: 1000 }]
  if (kind === 'tag.deleted') return [{ kind: 'tag-deleted', ...deleted, tag }]
  return []
}

/** In the order given. What comes before what it needs is tried again after the others, as whoever replicates does. */
async function receive(region: Region, changes: readonly ContentChange[], origin: string): Promise<void> {
  let left = changes
  for (let before = Number.POSITIVE_INFINITY; left.length > 0 && left.length < before; ) {
    before = left.length
    const again: ContentChange[] = []
    for (const change of left) {
      if (change.kind === 'manifest') await linkConfig(region.store, origin)
      try {
        await region.store.write(apply, { change, origin })
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        again.push(change)
      }
    }
    left = again
  }
}

async function liveIn({ store }: Region) {
  const manifests = await store.read.all<{ digest: string }>(sql`select digest from manifest order by digest`)
  const tags = await store.read.all<{ name: string; digest: string }>(sql`select name, digest from tag order by name`)
  const referrers = await store.read.all(sql`select subject, digest from referrer order by subject, digest`)
  return { manifests, tags, referrers }
}

async function checkApart({ store }: Region): Promise<void> {
  const twice = await store.read.all(sql`select t.digest from trash_manifest t join manifest m on m.digest = t.digest
    union all select t.name from trash_tag t join tag l on l.name = t.name and l.digest = t.digest`)
  assert.deepEqual(twice, [], 'nothing is live and in the trash')
}

const digest = fc.constantFrom(...DIGESTS)
const tag = fc.constantFrom('v1', 'v2')
const push = fc.record({ kind: fc.constant('push' as const), digest, tags: fc.subarray(['v1', 'v2']) })
const op: fc.Arbitrary<Op> = fc.oneof(
  { arbitrary: push, weight: 5 },
  { arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'restore' as const), digest }), weight: 4 },
  {
    arbitrary: fc.record({ kind: fc.constantFrom('untag' as const, 'restore-tag' as const), tag, force: fc.boolean() }),
    weight: 3,
  },
  { arbitrary: fc.record({ kind: fc.constantFrom('delete-all' as const, 'restore-all' as const) }), weight: 2 },
)
const everythingFirst: Op[] = DIGESTS.map(one => ({
  kind: 'push',
  digest: one,
  tags: one === digestOf(both) ? ['v1'] : [],
}))

test('two regions have the same content whatever order changes come in, and a restore in one reaches the other', async () => {
  const rounds = fc.array(
    fc.record({ at: fc.boolean(), ops: fc.array(op, { minLength: 1, maxLength: 6 }), order: fc.integer() }),
    { minLength: 1, maxLength: 6, size: 'max' },
  )
  await fc.assert(
    fc.asyncProperty(rounds, async all => {
      const [east, west] = [await openRegion('east'), await openRegion('west')]
      for (const { at, ops, order } of [{ at: true, ops: everythingFirst, order: 0 }, ...all]) {
        const [here, there] = at ? [east, west] : [west, east]
        for (const one of ops) await ask(here, one)
        const told = await news(here, there)
        await receive(there, shuffled([...told, ...told], order), here.name)
        assert.deepEqual(await liveIn(there), await liveIn(here))
        for (const region of [here, there]) await checkApart(region)
      }
      await east.store.close()
      await west.store.close()
    }),
    { numRuns: 60 },
  )
})

test('a region without a policy follows the restores of one that has it', async () => {
  const [kept, bare] = [await openRegion('kept'), await openRegion('bare', 0)]
  const steps: Op[][] = [everythingFirst, [{ kind: 'delete-all' }], [{ kind: 'restore-all' }]]
  const sizes: number[] = []
  for (const ops of steps) {
    for (const one of ops) await ask(kept, one)
    await receive(bare, (await news(kept, bare)).toReversed(), kept.name)
    const live = await liveIn(bare)
    assert.deepEqual(live, await liveIn(kept))
    sizes.push(live.manifests.length)
  }
  assert.deepEqual(sizes, [4, 0, 4])
  assert.deepEqual(await bare.store.read.all(sql`select digest from trash_manifest`), [])
  await kept.store.close()
  await bare.store.close()
})

/** The same for the same number. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  return items
    .map((item, i) => ({ item, at: digestOf(`${seed} ${i}`) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ item }) => item)
}
