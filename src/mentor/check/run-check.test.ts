import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { tempDir, testRepository } from '../../git/repository.fixture.ts'
import { systemClock } from '../../kernel/index.ts'
import type { Library } from '../server/library.ts'
import { CITATION, NORM } from './check.fixture.ts'
import { type RunCheck, runCheck } from './run-check.ts'

const BREACH = 'try {\n  read()\n} catch {}\n'
const CONFIG = JSON.stringify({ repositories: ['team/golden', 'team/other'] })
const STATUS = { path: '', bytes: 0, indexing: undefined, trouble: undefined }

/** Golden repositories that agree on one thing, where they are indexed. */
function library(commit: string | undefined = CITATION.commit): Library {
  const asked = { reader: { read: async () => undefined, current: async () => commit, paths: async () => [] } }
  const repositories = [
    {
      repository: 'team/golden',
      source: '',
      ref: undefined,
      commit,
      indexedAt: 0,
      files: 1,
      skipped: {},
      trouble: undefined,
    },
  ]
  return {
    ...asked,
    use: () => undefined,
    mined: async () => ({ norms: [NORM], undecided: [] }),
    status: () => ({ ...STATUS, repositories }),
  } as unknown as Library
}

function run(t: TestContext, folder: string, more: Partial<RunCheck> = {}) {
  const options = {
    all: false,
    paths: [],
    library: library(),
    clock: systemClock('test'),
    signal: new AbortController().signal,
  }
  return runCheck({ ...options, folder, state: tempDir(t), ...more })
}

test('a file counts by the configuration of its own folder, and a link leads nowhere', async t => {
  const { dir, write } = testRepository(t, { 'archangel.json': CONFIG })
  const mute = [{ norm: NORM.id, reason: 'generated' }]
  write({
    'a.ts': BREACH,
    'made/b.ts': BREACH,
    'made/archangel.json': JSON.stringify({ mute }),
    'long.ts': `//${'x'.repeat(3_000_000)}`,
  })
  symlinkSync('/etc/passwd', join(dir, 'link.ts'))
  const { checked, norms, golden } = await run(t, dir)
  assert.deepEqual(
    checked.findings.map(({ path, mute }) => [path, mute?.reason]),
    [
      ['a.ts', undefined],
      ['made/b.ts', 'generated'],
    ],
  )
  assert.deepEqual(checked.skipped, [
    { path: 'link.ts', why: 'not readable' },
    { path: 'long.ts', why: 'too large' },
  ])
  assert.deepEqual([norms, golden.map(({ name }) => name)], [[NORM], ['team/golden', 'team/other']])
})

test('committed lines are old, and new against the branch that they go to', async t => {
  const { dir, write, commit, git } = testRepository(t, { 'archangel.json': CONFIG, 'old.ts': BREACH })
  git('branch', 'before')
  write({ 'new.ts': BREACH })
  commit()
  const paths = async (more: Partial<RunCheck>) => (await run(t, dir, more)).checked.findings.map(({ path }) => path)
  assert.deepEqual(await paths({}), [])
  assert.deepEqual(await paths({ base: 'before' }), ['new.ts'])
  assert.deepEqual(await paths({ all: true }), ['new.ts', 'old.ts'])
})

test('with nothing to hold files to it fails, with the next step', async t => {
  await assert.rejects(run(t, tempDir(t)), { code: 'MENTOR_NO_WORK_TREE' })
  const { dir, write } = testRepository(t, { 'a.ts': BREACH })
  await assert.rejects(run(t, dir), { code: 'MENTOR_NO_GOLDEN' })
  write({ 'archangel.json': CONFIG })
  await assert.rejects(run(t, dir, { library: library('') }), { code: 'MENTOR_NOT_INDEXED' })
  write({ 'sub/archangel.json': '{', 'sub/b.ts': BREACH })
  await assert.rejects(run(t, dir), { code: 'MENTOR_CONFIG_WRONG' })
})
