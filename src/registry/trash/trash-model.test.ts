import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure, readAll, sql } from '../../kernel/index.ts'
import { type Digest, digestOf } from '../../oci/index.ts'
import { imageBytes, indexBytes, pushBlob, repo, TESTER } from '../registry.fixture.ts'
import { listTrashedManifests, listTrashedTags } from './lists.ts'
import { DAY, everything, openTrash, type TrashRegistry } from './trash.fixture.ts'

const app = repo('team/app')
const DAYS = 7

type Made = { digest: Digest; bytes: Buffer; blobs: readonly string[]; lists: readonly Name[]; subject?: Name }
type Name = 'one' | 'two' | 'both' | 'nested' | 'signed' | 'noted'

const image = (blobs: readonly string[], subject?: Name): Made => {
  const [config = '', ...layers] = blobs
  const parts = { config: digestOf(config), layers: layers.map(layer => digestOf(layer)) }
  const bytes = imageBytes({ ...parts, ...(subject ? { subject: MADE[subject].digest } : {}) })
  return { digest: digestOf(bytes), bytes, blobs, lists: [], ...(subject ? { subject } : {}) }
}
const index = (...lists: Name[]): Made => {
  const bytes = indexBytes(lists.map(name => MADE[name].digest))
  return { digest: digestOf(bytes), bytes, blobs: [], lists }
}
const MADE = {} as Record<Name, Made>
MADE.one = image(['{}', 'layer one'])
MADE.two = image(['{}', 'layer two', 'layer one'])
MADE.both = index('one', 'two')
MADE.nested = index('both')
MADE.signed = image(['{}', 'signature'], 'both')
MADE.noted = image(['{}', 'note'], 'signed')
const NAMES = Object.keys(MADE) as Name[]
const byDigest = new Map(NAMES.map(name => [MADE[name].digest as string, name]))
const TAGS = ['v1', 'v2']

type Gone = { deletion: number; at: number }
/** What a registry with a trash is, in a few lines. Keys of trashed tags: `tag name`. */
class Model {
  live = new Set<Name>()
  tags = new Map<string, Name>()
  trash = new Map<Name, Gone>()
  trashTags = new Map<string, Gone>()
  whole: number | undefined
  deletions = 0

  push(name: Name, tags: readonly string[]): void {
    this.live.add(name)
    this.trash.delete(name)
    for (const tag of tags) {
      this.tags.set(tag, name)
      this.trashTags.delete(`${tag} ${name}`)
    }
  }

  untag(tag: string, gone: Gone): void {
    this.trashTags.set(`${tag} ${this.tags.get(tag)}`, gone)
    this.tags.delete(tag)
  }

  remove(name: Name, gone: Gone): void {
    for (const [tag, of] of this.tags) if (of === name) this.untag(tag, gone)
    this.live.delete(name)
    this.trash.set(name, gone)
  }

  /** What is missing for it; else it, what it needs and what refers to these is here. */
  bringBack(root: Name, deletion?: number): Name[] {
    const seen = new Set<Name>()
    const visit = (name: Name): Name[] => {
      if (seen.has(name)) return []
      seen.add(name)
      if (!this.live.has(name) && !this.trash.has(name)) return [name]
      const missing = MADE[name].lists.flatMap(visit)
      const referrers = NAMES.filter(one => MADE[one].subject === name && this.trash.has(one))
      for (const one of referrers) if (deletion === undefined || this.trash.get(one)?.deletion === deletion) visit(one)
      return missing
    }
    const missing = visit(root)
    if (missing.length === 0) for (const name of seen) this.push(name, [])
    return missing
  }

  forget(name: Name): void {
    this.trash.delete(name)
    for (const key of this.trashTags.keys()) if (key.endsWith(` ${name}`)) this.trashTags.delete(key)
  }

  swept(): void {
    if (this.trash.size + this.trashTags.size === 0) this.whole = undefined
  }
}

type Step = fc.AsyncCommand<Model, TrashRegistry>
const step = (name: string, run: (model: Model, real: TrashRegistry) => Promise<void>): Step => ({
  check: () => true,
  run,
  toString: () => name,
})
const name = fc.constantFrom(...NAMES)
const tag = fc.constantFrom(...TAGS)

/** The code of the failure, '' where there is none. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return ''
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
}

const gone = (model: Model, { clock }: TrashRegistry): Gone => ({ deletion: ++model.deletions, at: clock.now() })

const push = fc.tuple(name, fc.subarray(TAGS)).map(([what, tags]) =>
  step(`push ${what} as ${tags}`, async (model, { registry }) => {
    const { bytes, blobs, lists } = MADE[what]
    for (const blob of blobs) await pushBlob(registry, app, blob)
    const code = await codeOf(registry.putManifest(app, { bytes, tags }, TESTER))
    const missing = lists.some(one => !model.live.has(one))
    assert.equal(code, missing ? 'MANIFEST_BLOB_UNKNOWN' : '')
    if (!missing) model.push(what, tags)
  }),
)

const remove = name.map(what =>
  step(`delete ${what}`, async (model, real) => {
    const was = model.live.has(what)
    if (was) model.remove(what, gone(model, real))
    assert.equal(await real.registry.deleteManifest(app, MADE[what].digest, TESTER), was)
    // Later deletions have later times: the last one of a tag counts.
    real.clock.skip(1)
  }),
)

const untag = tag.map(one =>
  step(`untag ${one}`, async (model, real) => {
    const was = model.tags.has(one)
    if (was) model.untag(one, gone(model, real))
    assert.equal(await real.registry.deleteTag(app, one, TESTER), was)
    real.clock.skip(1)
  }),
)

const removeAll = fc.constant(
  step('delete the repository', async (model, real) => {
    const code = await codeOf(real.registry.deleteRepository(app, TESTER))
    // Blobs alone make a repository, too.
    if (code !== '') return assert.deepEqual([code, model.live.size], ['NAME_UNKNOWN', 0])
    const one = gone(model, real)
    if (model.live.size > 0) model.whole = one.deletion
    for (const held of [...model.live]) model.remove(held, one)
    real.clock.skip(1)
  }),
)

const restoreTag = fc.tuple(tag, fc.boolean()).map(([one, force]) =>
  step(`restore ${one}${force ? ' by force' : ''}`, async (model, real) => {
    const code = await codeOf(real.restore(app, { tag: one, force }))
    const held = model.tags.get(one)
    const [last] = [...model.trashTags].filter(([key]) => key.startsWith(`${one} `)).sort((a, b) => b[1].at - a[1].at)
    if (!last) return assert.equal(code, held ? '' : 'TRASH_UNKNOWN')
    const what = last[0].slice(one.length + 1) as Name
    if (held && held !== what && !force) return assert.equal(code, 'RESTORE_TAG_IN_USE')
    const missing = model.bringBack(what)
    assert.equal(code, missing.length > 0 ? 'RESTORE_INCOMPLETE' : '')
    if (missing.length === 0) model.push(what, [one])
  }),
)

const restoreManifest = name.map(what =>
  step(`restore ${what}`, async (model, real) => {
    const code = await codeOf(real.restore(app, { digest: MADE[what].digest }))
    const trashed = model.trash.get(what)
    if (!trashed) return assert.equal(code, model.live.has(what) ? '' : 'TRASH_UNKNOWN')
    const missing = model.bringBack(what)
    assert.equal(code, missing.length > 0 ? 'RESTORE_INCOMPLETE' : '')
    if (missing.length === 0) retag(model, trashed.deletion, what)
  }),
)

/** Tags that went with a deletion, where what they led to is here and their name is free. */
function retag(model: Model, deletion: number, only?: Name): void {
  for (const [key, { deletion: of }] of [...model.trashTags]) {
    const [one = '', what] = key.split(' ') as [string, Name]
    if (of !== deletion || (only && what !== only) || model.tags.has(one)) continue
    if (model.live.has(what)) model.push(what, [one])
  }
}

const restoreAll = fc.constant(
  step('restore the repository', async (model, real) => {
    const { whole } = model
    const code = await codeOf(real.restoreAll(app))
    if (whole === undefined) return assert.equal(code, 'TRASH_REPOSITORY_UNKNOWN')
    assert.equal(code, '')
    for (const what of NAMES) if (model.trash.get(what)?.deletion === whole) model.bringBack(what, whole)
    retag(model, whole)
  }),
)

const purge = fc.oneof(
  fc.constant(
    step('purge all', async (model, real) => {
      await real.purge(app)
      model.trash.clear()
      model.trashTags.clear()
      model.swept()
    }),
  ),
  name.map(what =>
    step(`purge ${what}`, async (model, real) => {
      await real.purge(app, { digest: MADE[what].digest })
      model.forget(what)
      model.swept()
    }),
  ),
  tag.map(one =>
    step(`purge ${one}`, async (model, real) => {
      await real.purge(app, { tag: one })
      for (const key of [...model.trashTags.keys()]) if (key.startsWith(`${one} `)) model.trashTags.delete(key)
      model.swept()
    }),
  ),
)

const pass = fc.constant(
  step('three days later', async (model, real) => {
    real.clock.skip(3 * DAY)
    const over = ({ at }: Gone) => at + DAYS * DAY <= real.clock.now()
    await real.collect()
    for (const [what, held] of [...model.trash]) if (over(held)) model.forget(what)
    for (const [key, held] of [...model.trashTags]) if (over(held)) model.trashTags.delete(key)
    model.swept()
  }),
)

const compare = fc.constant(step('compare', async (model, real) => same(model, real)))

async function same(model: Model, { registry, store }: TrashRegistry): Promise<void> {
  for (const what of NAMES) {
    const { digest, bytes, blobs } = MADE[what]
    const stored = await registry.getManifest(app, digest)
    assert.deepEqual(stored && Buffer.from(stored.bytes), model.live.has(what) ? bytes : undefined, what)
    for (const blob of model.live.has(what) ? blobs : []) {
      const source = await registry.openBlob(app, digestOf(blob))
      assert.equal(source && Buffer.from(await readAll(source, 100)).toString(), blob, `${blob} of ${what}`)
    }
    for (const blob of model.trash.has(what) ? blobs : []) {
      const held = await store.read.one(sql`select digest from blob where digest = ${digestOf(blob)}`)
      assert.ok(held, `${blob} of ${what} in the trash`)
    }
    const { items } = await registry.listReferrers(app, digest, { ...everything, artifactType: '' })
    const referring = NAMES.filter(one => model.live.has(one) && MADE[one].subject === what)
    assert.deepEqual(
      items.map(item => byDigest.get(JSON.parse(item).digest)),
      referring,
    )
  }
  for (const one of TAGS) {
    assert.equal(byDigest.get((await registry.getManifest(app, one))?.digest ?? ''), model.tags.get(one), one)
  }
  const manifests = (await listTrashedManifests(store.read, app, everything)).items
  assert.deepEqual(new Set(manifests.map(row => byDigest.get(row.digest))), new Set(model.trash.keys()))
  const tags = (await listTrashedTags(store.read, app, everything)).items
  assert.deepEqual(new Set(tags.map(row => `${row.name} ${byDigest.get(row.digest)}`)), new Set(model.trashTags.keys()))
  const counted = await registry.metadata.repository(app)
  assert.deepEqual([counted?.manifests ?? 0, counted?.tags ?? 0], [model.live.size, model.tags.size])
  // Children that are here are held by the indexes that are here, however both came.
  const listed = await store.read.all<{ digest: string; target: string }>(sql`select r.digest, r.target
    from manifest_reference r join manifest m on m.registry_id = r.registry_id and m.repository = r.repository
      and m.digest = r.target`)
  const expected = [...model.live].flatMap(of =>
    MADE[of].lists.filter(one => model.live.has(one)).map(one => `${of} ${one}`),
  )
  assert.ok(
    listed.every(row => expected.includes(`${byDigest.get(row.digest)} ${byDigest.get(row.target)}`)),
    'nothing is held by what is gone',
  )
}

/** Nothing stays that neither is live nor in the trash. */
async function nothingIsLeft(model: Model, real: TrashRegistry): Promise<void> {
  await real.purge(app)
  real.clock.skip(2 * DAY)
  await real.collect()
  const needed = new Set([...model.live].flatMap(what => MADE[what].blobs.map(blob => digestOf(blob) as string)))
  const rows = await real.store.read.all<{ digest: string }>(sql`select digest from blob`)
  assert.deepEqual(new Set(rows.map(row => row.digest)), needed)
}

test('does what a small model in memory does, whatever is pushed, deleted, restored, purged and collected', async t => {
  const steps = [
    push,
    push,
    push,
    remove,
    remove,
    untag,
    removeAll,
    restoreTag,
    restoreManifest,
    restoreAll,
    purge,
    pass,
    compare,
  ]
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 60, size: 'max' }), async commands => {
      const real = await openTrash(t)
      const model = new Model()
      await fc.asyncModelRun(() => ({ model, real }), commands)
      await same(model, real)
      await nothingIsLeft(model, real)
    }),
    { numRuns: 50 },
  )
})
