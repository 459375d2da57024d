import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { tempDir, testRepository } from '../../src/git/repository.fixture.ts'
import { functionText, golden, testIndex } from '../../src/mentor/index/index.fixture.ts'
import { run } from '../peers/support/process.ts'

const FILES = 50_000

/** By one stream: a work tree of as many files would take minutes to write and to add. */
async function importFiles(dir: string, count: number): Promise<void> {
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', dir])
  const git = spawn('git', ['-C', dir, 'fast-import', '--quiet'], { stdio: ['pipe', 'inherit', 'inherit'] })
  const gone = once(git, 'exit')
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`
  git.stdin.write(`commit refs/heads/main\ncommitter Ada <ada@example.com> 0 +0000\n${data('Begin')}`)
  for (let at = 0; at < count; at++) {
    const path = `src/part-${at % 500}/file-${at}.ts`
    if (!git.stdin.write(`M 100644 inline ${path}\n${data(functionText(at))}`)) await once(git.stdin, 'drain')
  }
  // What no index may choke on, among all the others.
  git.stdin.write(`M 100644 inline large.ts\n${data(`export const large = '${'x'.repeat(5 * 1024 * 1024)}'`)}`)
  git.stdin.write(`M 100644 inline deep.ts\n${data(`${'('.repeat(100_000)}${')'.repeat(100_000)}`)}`)
  git.stdin.write(`M 120000 inline loop\n${data('loop')}`)
  git.stdin.end()
  const [code] = await gone
  assert.equal(code, 0)
}

test('50,000 files are indexed, and one more costs one', { timeout: 1_800_000 }, async t => {
  const dir = tempDir(t)
  await importFiles(dir, FILES)
  const { index, refresh } = testIndex(t)
  const source = golden({ dir })
  const first = await refresh([source])
  assert.ok((first.repositories[0]?.parsed ?? 0) >= FILES)
  const { repositories, trouble } = index.status()
  assert.equal(trouble, undefined)
  assert.ok((repositories[0]?.files ?? 0) >= FILES)
  assert.deepEqual([repositories[0]?.skipped['too large'], repositories[0]?.skipped['a link']], [1, 1])

  const work = testRepository(t)
  work.git('fetch', '--quiet', dir, 'main')
  work.git('read-tree', 'FETCH_HEAD')
  const blob = work.git('hash-object', '-w', '--no-filters', import.meta.filename).trim()
  work.git('update-index', '--add', '--cacheinfo', `100644,${blob},src/one-more.ts`)
  const commit = work.git('commit-tree', '-p', 'FETCH_HEAD', '-m', 'One more', work.git('write-tree').trim()).trim()
  work.git('push', '--quiet', dir, `${commit}:refs/heads/main`)
  const second = await refresh([source])
  assert.deepEqual([second.repositories[0]?.parsed, second.repositories[0]?.changed], [1, 1])
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
  t.diagnostic(`first ${seconds(first.milliseconds)}, one more ${seconds(second.milliseconds)}`)
})
