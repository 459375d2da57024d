import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { chmod, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../kernel/index.ts'
import { fetchMirror } from './fetch-mirror.ts'
import { openMirror } from './mirror.ts'
import { type Files, tempDir, testRepository } from './repository.fixture.ts'
import { isRegular, type TreeEntry } from './tree.ts'

const clock = systemClock('test')

async function mirrored(t: TestContext, files: Files) {
  const repository = testRepository(t, files)
  const dir = join(tempDir(t), 'mirror.git')
  const fetch = (ref?: string) => fetchMirror({ source: repository.dir, ref, dir, clock })
  const commit = await fetch()
  const mirror = openMirror({ dir, clock })
  t.after(() => mirror.close())
  return { repository, dir, fetch, head: commit, mirror }
}

async function listed(entries: AsyncIterable<TreeEntry>): Promise<TreeEntry[]> {
  const all: TreeEntry[] = []
  for await (const entry of entries) all.push(entry)
  return all
}

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()

test('what HEAD means is brought, listed and read', async t => {
  const { mirror, head } = await mirrored(t, { 'src/a.ts': 'one\n', 'ümlaut\tand tab.ts': 'two\n', empty: '' })
  assert.equal(await mirror.resolve(undefined), head)
  const entries = await listed(mirror.tree(head))
  assert.deepEqual(
    entries.map(({ path, size }) => [path, size]),
    [
      ['empty', 0],
      ['src/a.ts', 4],
      ['ümlaut\tand tab.ts', 4],
    ],
  )
  const blobs = await Promise.all(entries.map(({ oid }) => mirror.blob(oid, 100)))
  assert.deepEqual(blobs.map(text), ['', 'one\n', 'two\n'])
  assert.equal(text(await mirror.read(head, 'src/a.ts', 100)), 'one\n')
  assert.equal(await mirror.read(head, 'src/b.ts', 100), undefined)
  assert.equal(await mirror.read(head, 'src', 100), undefined)
})

test('a blob over the limit is not given, and the next one is', async t => {
  const { mirror, head } = await mirrored(t, { big: 'x'.repeat(300_000), small: 'y' })
  const asked = ['big', 'small', 'none', 'big', 'small'].map(path => mirror.read(head, path, 1_000))
  assert.deepEqual((await Promise.all(asked)).map(text), [undefined, 'y', undefined, undefined, 'y'])
})

test('a ref that moved is fetched again, and what it meant before can still be read', async t => {
  const { repository, mirror, fetch, head } = await mirrored(t, { 'a.ts': 'one\n' })
  repository.write({ 'a.ts': 'two\n' })
  const next = repository.commit()
  assert.equal(await fetch(), next)
  assert.equal(await mirror.resolve(undefined), next)
  assert.equal(text(await mirror.read(next, 'a.ts', 100)), 'two\n')
  assert.equal(text(await mirror.read(head, 'a.ts', 100)), 'one\n')
})

test('branches, tags and full hashes are refs, each kept apart', async t => {
  const { repository, mirror, fetch, head } = await mirrored(t, { 'a.ts': 'one\n' })
  repository.git('tag', '--annotate', '--message=x', 'v1')
  repository.git('switch', '--quiet', '--create', 'side')
  repository.write({ 'a.ts': 'side\n' })
  const side = repository.commit()
  assert.equal(await fetch('v1'), head)
  assert.equal(await fetch('side'), side)
  assert.equal(await fetch(head), head)
  assert.equal(await mirror.resolve('side'), side)
  assert.equal(await mirror.resolve('none'), undefined)
})

test('a ref that is not there is said to be so, as is a source', async t => {
  const { repository, fetch, mirror, head } = await mirrored(t, { 'a.ts': 'one\n' })
  await assert.rejects(fetch('none'), { code: 'GIT_REF_UNKNOWN' })
  await assert.rejects(fetch('0'.repeat(40)), { code: 'GIT_REF_UNKNOWN' })
  await assert.rejects(fetch('--upload-pack=x'), { code: 'GIT_REF_REFUSED' })
  await rm(repository.dir, { recursive: true })
  await assert.rejects(fetch(), { code: 'GIT_FAILED' })
  assert.equal(text(await mirror.read(head, 'a.ts', 100)), 'one\n', 'what was brought stays')
})

test('symlinks and submodules are told from files', async t => {
  const repository = testRepository(t, { 'a.ts': 'one\n', 'run.sh': 'x' })
  await symlink('loop', join(repository.dir, 'loop'))
  await chmod(join(repository.dir, 'run.sh'), 0o755)
  const first = repository.commit()
  repository.git('update-index', '--add', '--cacheinfo', `160000,${first},sub`)
  repository.git('commit', '--quiet', '--message=sub')
  const dir = join(tempDir(t), 'mirror.git')
  const commit = await fetchMirror({ source: `file://${repository.dir}`, dir, clock })
  const mirror = openMirror({ dir, clock })
  t.after(() => mirror.close())
  const entries = await listed(mirror.tree(commit))
  assert.deepEqual(
    entries.map(entry => [entry.path, isRegular(entry)]),
    [
      ['a.ts', true],
      ['loop', false],
      ['run.sh', true],
      ['sub', false],
    ],
  )
})

test('locks that a killed git left are no obstacle', async t => {
  const { repository, dir, fetch } = await mirrored(t, { 'a.ts': 'one\n' })
  for (const name of ['shallow.lock', 'config.lock', 'HEAD.lock', 'packed-refs.lock'])
    writeFileSync(join(dir, name), '')
  repository.write({ 'a.ts': 'two\n' })
  const next = repository.commit()
  assert.equal(await fetch(), next)
})

test('a fetch that is called off ends', async t => {
  const dir = tempDir(t)
  const slow = join(dir, 'ssh')
  await writeFile(slow, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 })
  process.env.GIT_SSH = slow
  t.after(() => delete process.env.GIT_SSH)
  const over = new AbortController()
  const fetching = fetchMirror({ source: 'git@host.example:x', dir: join(dir, 'm.git'), clock, signal: over.signal })
  const why = new Error('called off')
  setTimeout(() => over.abort(why), 300)
  await assert.rejects(fetching, why)
})

test('a process that is idle ends, and the next question starts another', async t => {
  const { dir, head } = await mirrored(t, { 'a.ts': 'one\n' })
  let wake = () => {}
  const idle = {
    ...clock,
    sleep: (ms: number, signal?: AbortSignal) =>
      ms === 30_000 ? new Promise<void>(done => (wake = done)) : clock.sleep(ms, signal),
  }
  const mirror = openMirror({ dir, clock: idle })
  t.after(() => mirror.close())
  assert.equal(text(await mirror.read(head, 'a.ts', 100)), 'one\n')
  const children = () => process.getActiveResourcesInfo().filter(name => name === 'ProcessWrap').length
  const before = children()
  wake()
  while (children() === before) await clock.sleep(10)
  assert.equal(text(await mirror.read(head, 'a.ts', 100)), 'one\n')
})
