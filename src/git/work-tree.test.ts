import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../kernel/index.ts'
import { type Files, tempDir, testRepository } from './repository.fixture.ts'
import { openWorkTree } from './work-tree.ts'

const clock = systemClock('test')
const TEN = Array.from({ length: 10 }, (_, at) => `line ${at + 1}\n`).join('')

async function opened(t: TestContext, files: Files | undefined, base?: string) {
  const repository = testRepository(t, files)
  const tree = await openWorkTree({ dir: repository.dir, clock, ...(base ? { base } : {}) })
  assert.ok(tree)
  t.after(() => tree.close())
  return { ...repository, tree }
}

test('changed lines are those of the text given, against HEAD', async t => {
  const { tree, commit, write } = await opened(t, { 'a.ts': TEN })
  const unsaved = TEN.replace('line 3', 'line three').replace('line 8\n', 'line 8\nline 8½\n')
  assert.deepEqual((await tree.changedLines('a.ts', unsaved)).ranges, [
    { start: 3, end: 3 },
    { start: 9, end: 9 },
  ])
  assert.deepEqual((await tree.changedLines('a.ts', TEN.replaceAll('\n', '\r\n'))).ranges, [])
  write({ 'a.ts': unsaved })
  commit()
  assert.deepEqual((await tree.changedLines('a.ts', unsaved)).ranges, [], 'the new HEAD is seen')
})

test('of an untracked file all lines are new, of an ignored one none', async t => {
  const { tree, write } = await opened(t, { '.gitignore': 'out/\n' })
  write({ 'new.ts': TEN, 'out/made.ts': TEN })
  assert.ok((await tree.changedLines('new.ts', TEN)).has(10))
  assert.equal((await tree.changedLines('out/made.ts', TEN)).has(1), false)
  assert.equal(await tree.isIgnored('out/made.ts'), true)
  assert.equal(await tree.isIgnored('new.ts'), false)
})

test('before the first commit all lines are new', async t => {
  const { tree, write, git } = await opened(t, undefined)
  write({ 'a.ts': TEN, 'b.ts': TEN })
  git('add', 'a.ts')
  assert.equal(await tree.head(), undefined)
  assert.ok((await tree.changedLines('a.ts', TEN)).touches(1, 1))
  assert.deepEqual(await tree.changedFiles(), ['a.ts', 'b.ts'])
})

test('what is committed is no longer new', async t => {
  const { tree, write, commit } = await opened(t, { 'a.ts': TEN })
  const text = `${TEN}more\n`
  assert.deepEqual((await tree.changedLines('a.ts', text)).ranges, [{ start: 11, end: 11 }])
  write({ 'a.ts': text })
  commit()
  assert.deepEqual((await tree.changedLines('a.ts', text)).ranges, [])
})

test('a renamed file is compared with its old name, whether git was told or not', async t => {
  const { tree, dir, git } = await opened(t, { 'a.ts': TEN, 'b.ts': TEN.replaceAll('line', 'row'), 'c.py': TEN })
  git('mv', 'a.ts', 'told.ts')
  await rename(join(dir, 'b.ts'), join(dir, 'untold.ts'))
  await rm(join(dir, 'c.py'))
  const changed = await tree.changedLines('told.ts', TEN.replace('line 5', 'line five'))
  assert.deepEqual(changed.ranges, [{ start: 5, end: 5 }])
  assert.deepEqual((await tree.changedLines('untold.ts', TEN.replaceAll('line', 'row'))).ranges, [])
  assert.ok((await tree.changedLines('other.ts', 'nothing\nlike\nit\n')).has(1))
})

test('changed files are those on disk that differ, untracked ones too, ignored and removed ones not', async t => {
  const { tree, dir, write } = await opened(t, {
    '.gitignore': 'out/\n',
    'same.ts': TEN,
    'ümlaut é.ts': TEN,
    'gone.ts': 'gone\n',
  })
  write({ 'ümlaut é.ts': 'x\n', 'new\nline.ts': TEN, 'out/made.ts': TEN, '-dash.ts': TEN })
  await rm(join(dir, 'gone.ts'))
  assert.deepEqual(await tree.changedFiles(), ['-dash.ts', 'new\nline.ts', 'ümlaut é.ts'])
  const files = await tree.files()
  assert.ok(files.includes('-dash.ts') && files.includes('.gitignore'), 'tracked ones and new ones')
  assert.ok(!files.some(path => path.startsWith('out/')), 'ignored ones not')
  assert.ok((await tree.changedLines('-dash.ts', TEN)).has(1))
  assert.ok((await tree.changedLines('new\nline.ts', TEN)).has(1))
})

test('against a base, what was committed since the branch began counts too', async t => {
  const { tree, commit, write, git } = await opened(t, { 'a.ts': TEN, 'b.ts': TEN }, 'main')
  git('switch', '--quiet', '--create', 'work')
  write({ 'a.ts': TEN.replace('line 2', 'line two') })
  commit()
  git('switch', '--quiet', 'main')
  write({ 'b.ts': `${TEN}more\n` })
  commit()
  git('switch', '--quiet', 'work')
  assert.deepEqual(await tree.changedFiles(), ['a.ts'])
  assert.deepEqual((await tree.changedLines('a.ts', TEN.replace('line 2', 'line two'))).ranges, [{ start: 2, end: 2 }])
})

test('reading writes nothing into the repository', async t => {
  const { tree, dir, write } = await opened(t, { 'a.ts': TEN, 'b.ts': TEN })
  write({ 'b.ts': TEN })
  const index = () => statSync(join(dir, '.git/index')).mtimeMs
  const before = index()
  assert.deepEqual(await tree.changedFiles(), [])
  await tree.changedLines('a.ts', 'x')
  await tree.changedLines('new.ts', 'x')
  assert.equal(index(), before)
})

test('configuration of the repository starts no program', async t => {
  const { tree, dir, git, write } = await opened(t, { 'a.ts': TEN })
  const mark = join(tempDir(t), 'ran')
  await writeFile(join(dir, 'hook.sh'), `#!/bin/sh\ntouch ${mark}\ncat "$1"\n`, { mode: 0o755 })
  git('config', 'core.fsmonitor', join(dir, 'hook.sh'))
  git('config', 'diff.external', join(dir, 'hook.sh'))
  git('config', 'diff.seen.textconv', join(dir, 'hook.sh'))
  write({ 'a.ts': 'x\n', '.gitattributes': '*.ts diff=seen\n' })
  assert.deepEqual(await tree.changedFiles(), ['.gitattributes', 'a.ts', 'hook.sh'])
  await tree.changedLines('a.ts', 'y\n')
  assert.throws(() => statSync(mark), { code: 'ENOENT' })
})

test('a file of a commit is shown; a folder outside of any repository is none', async t => {
  const { tree } = await opened(t, { 'a.ts': TEN })
  const head = await tree.head()
  assert.ok(head)
  assert.equal(Buffer.from((await tree.show(head, 'a.ts')) ?? []).toString(), TEN)
  assert.equal(await tree.show(head, 'b.ts'), undefined)
  await assert.rejects(tree.show('--output=/tmp/x', 'a.ts'), { code: 'GIT_REF_REFUSED' })
  assert.equal(await openWorkTree({ dir: tempDir(t), clock }), undefined)
})

test('what is still asked at the end starts no git any more', async t => {
  const { tree, git } = await opened(t, { 'a\nb.ts': TEN })
  const asked = tree.show(git('rev-parse', 'HEAD').trim(), 'a\nb.ts')
  tree.close()
  assert.equal(await asked, undefined)
})
