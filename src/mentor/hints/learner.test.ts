import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { simClock } from '../../kernel/index.ts'
import { openLearner } from './learner.ts'

const DAY = 86_400_000
const FADING = { kept: 6, days: 1 }
const NORM = { id: 'errors/catch', language: 'typescript' } as const
const FILE = { root: '/home/joe/shop', path: 'src/secret-plan.ts' }

function setUp(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'learner-'))
  const clock = simClock(1)
  const open = () => {
    const learner = openLearner({ dir, clock })
    t.after(() => learner.close())
    return learner
  }
  return { dir, clock, open }
}

test('the same places, saved again, are not counted again; new ones are', t => {
  const learner = setUp(t).open()
  for (const kept of [2, 2, 3, 3]) learner.record(FILE, [{ ...NORM, kept, lapsed: 0 }], FADING)
  assert.equal(learner.habit(NORM).kept, 3)
  // What was committed is no longer changed; the next one is new.
  learner.record(FILE, [{ ...NORM, kept: 0, lapsed: 0 }], FADING)
  learner.record(FILE, [{ ...NORM, kept: 1, lapsed: 0 }], FADING)
  assert.equal(learner.habit(NORM).kept, 4)
  learner.record({ ...FILE, path: 'src/other.ts' }, [{ ...NORM, kept: 1, lapsed: 0 }], FADING)
  assert.equal(learner.habit(NORM).kept, 5)
})

test('a habit fades over days, in another run of the program too, and comes back after lapses', async t => {
  const { clock, open } = setUp(t)
  const monday = open()
  monday.record(FILE, [{ ...NORM, kept: 5, lapsed: 0 }], FADING)
  assert.equal(monday.habit(NORM).faded, false)
  await clock.advance(DAY)
  const tuesday = open()
  tuesday.record(FILE, [{ ...NORM, kept: 7, lapsed: 0 }], FADING)
  assert.equal(tuesday.habit(NORM).faded, true)
  assert.equal(monday.habit(NORM).faded, true, 'another editor sees it')
  assert.equal(tuesday.habit({ ...NORM, language: 'python' }).faded, false, 'a habit is of one language')
  tuesday.record(FILE, [{ ...NORM, kept: 7, lapsed: 2 }], FADING)
  assert.equal(tuesday.habit(NORM).faded, false)
})

test('mutes and the mode outlive the program, and can be taken back', t => {
  const { open } = setUp(t)
  const first = open()
  const mute = { norm: NORM.id, root: FILE.root, path: FILE.path, reason: 'it does not fit here' }
  first.mute(mute)
  first.setMode('pairing')
  const second = open()
  assert.deepEqual(second.mutes(), [mute])
  assert.equal(second.mode(), 'pairing')
  assert.equal(second.unmute(NORM.id), true)
  assert.equal(second.unmute(NORM.id), false)
  assert.deepEqual(first.mutes(), [])
})

test('of files only digests are kept', t => {
  const { dir, open } = setUp(t)
  open().record(FILE, [{ ...NORM, kept: 1, lapsed: 1 }], FADING)
  const bytes = ['learner.sqlite', 'learner.sqlite-wal'].map(name => readFileSync(join(dir, name), 'latin1')).join()
  assert.ok(bytes.includes(NORM.id), 'looks at the bytes that were written')
  assert.ok(!bytes.includes('secret-plan'))
  assert.ok(!bytes.includes('/home/joe'))
})
