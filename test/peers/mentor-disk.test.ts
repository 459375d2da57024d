import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { testRepository } from '../../src/git/repository.fixture.ts'
import { functionText, golden, testIndex } from '../../src/mentor/index/index.fixture.ts'
import { run } from './support/process.ts'

test('a full disk is said plainly, costs nothing that was indexed, and once there is room the index goes on', async t => {
  const disk = mkdtempSync(`${tmpdir()}/towpath-mentor-disk-`)
  await run('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'towpath-test', disk])
  t.after(async () => {
    await run('umount', ['--lazy', disk])
    rmSync(disk, { recursive: true })
  })
  const small = golden(testRepository(t, { 'a.ts': functionText(1) }), { name: 'team/small' })
  const many = Object.fromEntries(
    Array.from({ length: 1500 }, (_, at) => [
      `src/${at}.ts`,
      Array.from({ length: 40 }, (_, line) => functionText(at * 40 + line)).join('\n'),
    ]),
  )
  const large = golden(testRepository(t, many), { name: 'team/large' })
  const { index, refresh } = testIndex(t, disk)
  await refresh([small])

  for (const _ of [1, 2]) {
    await assert.rejects(refresh([small, large]), { code: 'MENTOR_INDEX_FULL' })
    const { trouble, repositories, indexing } = index.status()
    assert.equal(trouble?.code, 'MENTOR_INDEX_FULL')
    assert.match(trouble.next, /TOWPATH_MENTOR_CACHE/)
    assert.equal(indexing, undefined)
    const kept = repositories.find(({ repository }) => repository === 'team/small')
    assert.equal(kept?.files, 1, 'what was indexed is there')
  }
  const seen = index.db.prepare('SELECT repository, path FROM golden_file').all()
  assert.deepEqual(
    seen.map(({ repository, path }) => [repository, path]),
    [['team/small', 'a.ts']],
    'nothing half is seen',
  )

  await run('mount', ['-o', 'remount,size=96m', disk])
  const { repositories } = await refresh([small, large])
  assert.deepEqual(
    repositories.map(({ trouble }) => trouble),
    [undefined, undefined],
  )
  const { trouble, repositories: whole } = index.status()
  assert.equal(trouble, undefined)
  assert.equal(whole.find(({ repository }) => repository === 'team/large')?.files, 1500)
  assert.deepEqual(await index.repair(), [])
})
