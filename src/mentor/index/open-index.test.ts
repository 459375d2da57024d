import assert from 'node:assert/strict'
import { globSync, readdirSync } from 'node:fs'
import { rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { testRepository } from '../../git/repository.fixture.ts'
import type { SearchIndex } from '../search/passage.ts'
import { search } from '../search/search.ts'
import { functionText, golden, manyFiles, testIndex } from './index.fixture.ts'

/** The functions of this name, whatever else search would find. */
function found(index: SearchIndex, name: string): string[] {
  const golden = [{ name: 'team/golden', weight: 1, topics: [] }]
  const passages = search(index, name, { golden, limit: 50 }).filter(passage => passage.name === name)
  return passages.map(({ path }) => path)
}

test('a golden repository is indexed, found and read', async t => {
  const repository = testRepository(t, { 'src/a.ts': functionText(1), 'README.md': '# Golden\n' })
  const { index, refresh } = testIndex(t)
  assert.deepEqual(index.status().repositories, [])
  const { repositories } = await refresh([golden(repository)])
  const commit = repository.git('rev-parse', 'HEAD').trim()
  assert.deepEqual(repositories, [{ repository: 'team/golden', commit, parsed: 1, changed: 2 }])
  assert.deepEqual(found(index, 'add1'), ['src/a.ts'])
  const [status] = index.status().repositories
  assert.deepEqual([status?.commit, status?.files, status?.skipped], [commit, 1, { 'not code': 1 }])
  assert.equal(await index.reader.current('team/golden'), commit)
  assert.deepEqual(await index.reader.paths('team/golden', commit), ['README.md', 'src/a.ts'])
  const bytes = await index.reader.read({ repository: 'team/golden', commit, path: 'src/a.ts' })
  assert.equal(Buffer.from(bytes ?? []).toString(), functionText(1))
})

test('only what changed is parsed again, and what went is found no more', async t => {
  const repository = manyFiles(t, 20)
  const { index, refresh } = testIndex(t)
  await refresh([golden(repository)])
  assert.deepEqual((await refresh([golden(repository)])).repositories[0]?.parsed, 0)
  repository.write({ 'src/file-3.ts': functionText(333) })
  repository.git('mv', 'src/file-4.ts', 'src/moved.ts')
  repository.git('rm', '--quiet', 'src/file-5.ts')
  repository.commit()
  const { repositories } = await refresh([golden(repository)])
  // A path is part of what an analysis may look at, so a file under another name is another one.
  assert.deepEqual([repositories[0]?.parsed, repositories[0]?.changed], [2, 4])
  assert.deepEqual(found(index, 'add3'), [])
  assert.deepEqual(found(index, 'add5'), [])
  assert.deepEqual(found(index, 'add333'), ['src/file-3.ts'])
  const left = index.db.prepare('SELECT count(*) AS artifacts FROM artifact').get()
  assert.deepEqual({ ...left }, { artifacts: 19 })
})

test('a change of one file in another repository, ref or choice of folders parses nothing twice', async t => {
  const repository = manyFiles(t, 5)
  repository.git('branch', 'side')
  const { index, refresh } = testIndex(t)
  await refresh([golden(repository)])
  const other = golden(repository, { ref: 'side', include: ['src/file-1.ts', 'src/file-2.ts'] })
  const { repositories } = await refresh([golden(repository), other])
  assert.deepEqual(
    repositories.map(({ parsed }) => parsed),
    [0, 0],
  )
  index.use([other])
  assert.deepEqual(found(index, 'add1'), ['src/file-1.ts'])
  assert.deepEqual(found(index, 'add3'), [])
  index.use([golden(repository)])
  assert.deepEqual(found(index, 'add3'), ['src/file-3.ts'])
})

test('include and exclude choose, and the status counts what is left out', async t => {
  const repository = testRepository(t, {
    'src/a.ts': functionText(1),
    'src/a.test.ts': functionText(2),
    'docs/b.ts': functionText(3),
    'src/big.ts': `${functionText(4)}${'// long\n'.repeat(200_000)}`,
    'src/binary.ts': Buffer.from('const a = "\0"'),
    'src/odd.ts': Buffer.concat([
      Buffer.from('export function odd() {\n  return "'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"\n}\n'),
    ]),
  })
  await symlink('../src', join(repository.dir, 'src/loop'))
  await symlink('a.ts', join(repository.dir, 'src/link.ts'))
  await writeFile(
    Buffer.concat([Buffer.from(`${repository.dir}/src/n`), Buffer.from([0xff]), Buffer.from('.ts')]),
    functionText(5),
  )
  repository.commit()
  const { index, refresh } = testIndex(t)
  await refresh([golden(repository, { include: ['src/**'], exclude: ['*.test.ts'] })])
  const [status] = index.status().repositories
  assert.equal(status?.files, 2)
  assert.deepEqual(status?.skipped, {
    excluded: 2,
    'too large': 1,
    binary: 1,
    'a link': 2,
    'a name that is not UTF-8': 1,
  })
  assert.deepEqual(found(index, 'odd'), ['src/odd.ts'])
})

test('a source that is gone stays indexed, and the status says so', async t => {
  const repository = testRepository(t, { 'a.ts': functionText(1) })
  const other = testRepository(t, { 'b.ts': functionText(2) })
  const { index, refresh, again } = testIndex(t)
  const both = [golden(repository), golden(other, { name: 'team/other' })]
  await refresh(both)
  await rm(repository.dir, { recursive: true })
  const { repositories } = await refresh(both)
  assert.equal(repositories[0]?.trouble?.code, 'GIT_FAILED')
  assert.equal(repositories[1]?.trouble, undefined)
  assert.deepEqual(found(index, 'add1'), ['a.ts'])
  const [status, fine] = again().status().repositories
  assert.equal(status?.files, 1)
  assert.match(status?.trouble?.says ?? '', /not a git repository|does not appear|does not exist/)
  assert.equal(fine?.trouble, undefined)
  await refresh([golden(other, { name: 'team/other' })])
})

test('a damaged index says so, and one repair and refresh make it whole', async t => {
  const repository = manyFiles(t, 30)
  const { index, refresh, again } = testIndex(t)
  await refresh([golden(repository)])
  const { path } = index.status()
  index.close()
  await writeFile(path, Buffer.alloc(64 * 1024, 'not a database '))
  await rm(`${path}-wal`, { force: true })
  const other = again()
  assert.equal(other.status().trouble?.code, 'MENTOR_INDEX_DAMAGED')
  await assert.rejects(refresh([golden(repository)]), { code: 'MENTOR_INDEX_DAMAGED' })
  assert.match((await other.repair()).join(), /the index: /)
  assert.deepEqual(await other.repair(), [])
  await refresh([golden(repository)])
  assert.deepEqual(found(other, 'add7'), ['src/file-7.ts'])
  assert.deepEqual(found(index, 'add7'), ['src/file-7.ts'], 'one that was open sees the new file')
})

test('a damaged mirror is taken away and brought again', async t => {
  const repository = manyFiles(t, 3)
  const { dir, index, refresh } = testIndex(t)
  await refresh([golden(repository)])
  const [mirror = ''] = readdirSync(join(dir, 'git'))
  for (const pack of globSync(join(dir, 'git', mirror, 'objects/*/*')))
    await writeFile(pack, 'x').catch(() => rm(pack, { force: true }))
  const commit = (await index.reader.current('team/golden')) ?? ''
  assert.match((await index.repair()).join(), /the mirror /)
  assert.equal(await index.reader.read({ repository: 'team/golden', commit, path: 'src/file-1.ts' }), undefined)
  repository.write({ 'new.ts': functionText(9) })
  repository.commit()
  assert.deepEqual((await refresh([golden(repository)])).repositories[0]?.parsed, 1)
})

test('wiped, nothing is left of it', async t => {
  const repository = manyFiles(t, 3)
  const { index, refresh, again } = testIndex(t)
  await refresh([golden(repository)])
  const other = again()
  assert.equal(other.status().repositories.length, 1)
  await index.wipe()
  assert.deepEqual(other.status().repositories, [])
  assert.deepEqual(found(other, 'add1'), [])
})
