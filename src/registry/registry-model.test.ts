import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readAll } from '../kernel/index.ts'
import { type Digest, digestOf } from '../oci/index.ts'
import type { RepoRef } from './content/change.ts'
import { assertSizesExact } from './quota/recount.fixture.ts'
import { bytesOf, imageBytes, openTestRegistry, repo, TESTER, type TestRegistry } from './registry.fixture.ts'
import { collectGarbage } from './removal/jobs.ts'

const repos = ['a', 'b/c'].map(name => repo(name))
const contents = ['{}', 'layer one', 'layer two']
const tags = ['v1', 'v2']

/** What one repository holds: blob contents by digest, manifests by digest, tags. */
type Held = { blobs: Map<Digest, string>; manifests: Map<Digest, Made>; tags: Map<string, Digest> }
type Made = { config: string; layer: string; subject: boolean; bytes: Buffer }
type Model = Map<RepoRef, Held>
type Real = TestRegistry
type Step = fc.AsyncCommand<Model, Real>

const SUBJECT = digestOf('subject')

function made(config: string, layer: string, subject: boolean): Made {
  const parts = { config: digestOf(config), layers: [digestOf(layer)] }
  return { config, layer, subject, bytes: imageBytes(subject ? { ...parts, subject: SUBJECT } : parts) }
}

const heldIn = (model: Model, place: RepoRef): Held => {
  const held = model.get(place)
  assert.ok(held)
  return held
}

const step = (name: string, run: (model: Model, real: Real) => Promise<void>): Step => ({
  check: () => true,
  run,
  toString: () => name,
})

const place = fc.constantFrom(...repos)
const content = fc.constantFrom(...contents)
const tag = fc.constantFrom(...tags)

const pushBlob = fc.tuple(place, content, fc.boolean()).map(([to, text, inPieces]) =>
  step(`push "${text}" to ${to.repository}`, async (model, { registry }) => {
    const digest = digestOf(text)
    if (inPieces) {
      const { id } = await registry.startUpload(to)
      await registry.appendUpload(to, id, bytesOf(text.slice(0, 1)), { from: 0, to: 0 })
      await registry.finishUpload(to, id, digest, bytesOf(text.slice(1)))
    } else await registry.pushBlob(to, digest, bytesOf(text))
    heldIn(model, to).blobs.set(digest, text)
  }),
)

const mountBlob = fc.tuple(place, place, content, fc.boolean()).map(([from, to, text, named]) =>
  step(`mount "${text}" to ${to.repository}`, async (model, { registry }) => {
    const digest = digestOf(text)
    const source = named ? from.repository : undefined
    const there = named
      ? heldIn(model, from).blobs.has(digest)
      : repos.some(one => heldIn(model, one).blobs.has(digest))
    assert.equal(await registry.mountBlob(to, source, digest, () => true), there)
    if (there) heldIn(model, to).blobs.set(digest, text)
  }),
)

const deleteBlob = fc.tuple(place, content).map(([from, text]) =>
  step(`delete "${text}" from ${from.repository}`, async (model, { registry }) => {
    const held = heldIn(model, from)
    const digest = digestOf(text)
    const used = [...held.manifests.values()].some(one => one.config === text || one.layer === text)
    const deleting = registry.deleteBlob(from, digest, TESTER)
    if (used) await assert.rejects(deleting, { status: 405 })
    else assert.equal(await deleting, held.blobs.delete(digest))
  }),
)

const pushManifest = fc
  .tuple(place, content, content, fc.boolean(), fc.subarray(tags))
  .map(([to, config, layer, subject, names]) =>
    step(`push manifest of "${config}" and "${layer}" to ${to.repository} as ${names}`, async (model, { registry }) => {
      const held = heldIn(model, to)
      const one = made(config, layer, subject)
      const pushing = registry.putManifest(to, { bytes: one.bytes, tags: names }, TESTER)
      if (!held.blobs.has(digestOf(config)) || !held.blobs.has(digestOf(layer))) {
        await assert.rejects(pushing, { code: 'MANIFEST_BLOB_UNKNOWN' })
        return
      }
      const { digest } = await pushing
      held.manifests.set(digest, one)
      for (const name of names) held.tags.set(name, digest)
    }),
  )

const deleteManifest = fc.tuple(place, content, content, fc.boolean()).map(([from, config, layer, subject]) =>
  step(`delete manifest of "${config}" and "${layer}" from ${from.repository}`, async (model, { registry }) => {
    const held = heldIn(model, from)
    const digest = digestOf(made(config, layer, subject).bytes)
    assert.equal(await registry.deleteManifest(from, digest, TESTER), held.manifests.delete(digest))
    for (const [name, of] of held.tags) if (of === digest) held.tags.delete(name)
  }),
)

const deleteTag = fc.tuple(place, tag).map(([from, name]) =>
  step(`delete tag ${name} from ${from.repository}`, async (model, { registry }) => {
    assert.equal(await registry.deleteTag(from, name, TESTER), heldIn(model, from).tags.delete(name))
  }),
)

// Time passes, and what a manifest needs stays. Blobs without one are gone by then, in the model too.
const collect = fc.constant(
  step('collect after a long time', async (model, { store, clock, limits }) => {
    clock.skip(limits.uploadIdle + 1)
    for (let i = 0; i < 2; i++) {
      await collectGarbage(store, limits)
      clock.skip(limits.reclaimDelay + 1)
    }
    for (const held of model.values()) {
      const needed = new Set([...held.manifests.values()].flatMap(one => [digestOf(one.config), digestOf(one.layer)]))
      for (const digest of held.blobs.keys()) if (!needed.has(digest)) held.blobs.delete(digest)
    }
  }),
)

const compare = fc.constant(step('compare', async (model, real) => same(model, real)))

async function same(model: Model, { registry, store }: Real): Promise<void> {
  await assertSizesExact(store)
  const all = { n: 100, last: '' }
  for (const [from, held] of model) {
    const empty = held.blobs.size === 0 && held.manifests.size === 0
    const listed = await registry.listTags(from, all)
    assert.deepEqual(listed?.items, empty ? undefined : [...held.tags.keys()].sort())
    const counted = await registry.metadata.repository(from)
    const counts = empty ? [undefined, undefined] : [held.manifests.size, held.tags.size]
    assert.deepEqual([counted?.manifests, counted?.tags], counts)
    for (const text of contents) {
      const digest = digestOf(text)
      const source = await registry.openBlob(from, digest)
      const bytes = source && Buffer.from(await readAll(source, 100)).toString()
      assert.equal(bytes, held.blobs.get(digest))
    }
    for (const name of tags) assert.equal((await registry.getManifest(from, name))?.digest, held.tags.get(name))
    for (const [digest, one] of held.manifests) {
      const stored = await registry.getManifest(from, digest)
      assert.deepEqual(stored && Buffer.from(stored.bytes), one.bytes)
    }
    const referrers = await registry.listReferrers(from, SUBJECT, { ...all, artifactType: '' })
    const expected = [...held.manifests].filter(([, one]) => one.subject).map(([digest]) => digest)
    assert.deepEqual(
      referrers.items.map(item => JSON.parse(item).digest),
      expected.sort(),
    )
  }
  const here = repos.filter(one => heldIn(model, one).blobs.size + heldIn(model, one).manifests.size > 0)
  const { items } = await registry.listRepositories('reg_default', all)
  assert.deepEqual(
    items,
    here.map(one => one.repository),
  )
}

test('does what a small model in memory does, whatever is done in whatever order', async t => {
  const steps = [
    pushBlob,
    pushBlob,
    mountBlob,
    deleteBlob,
    pushManifest,
    pushManifest,
    deleteManifest,
    deleteTag,
    collect,
    compare,
  ]
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 40 }), async commands => {
      const real = await openTestRegistry(t)
      const model: Model = new Map(repos.map(one => [one, { blobs: new Map(), manifests: new Map(), tags: new Map() }]))
      await fc.asyncModelRun(() => ({ model, real }), commands)
      await same(model, real)
    }),
    { numRuns: 40 },
  )
})
