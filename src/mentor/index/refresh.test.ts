import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import type { GoldenSource } from '../config/types.ts'
import { clock, golden, manyFiles, testIndex } from './index.fixture.ts'
import { REFRESHING } from './refresh.fixture.ts'
import { refresh } from './refresh.ts'
import type { Progress } from './types.ts'

const FILES = 320

/** Another process that refreshes; resolves when it has come so far, and it is stopped there. */
async function stoppedChild(t: TestContext, dir: string, sources: readonly GoldenSource[], done: number) {
  const child = spawn(process.execPath, [REFRESHING, dir, JSON.stringify(sources)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  for await (const line of createInterface(child.stdout)) {
    const progress: Progress = JSON.parse(line)
    if (progress.phase !== 'indexing' || progress.done < done) continue
    child.kill('SIGSTOP')
    return child
  }
  throw new Error('It ended before it was stopped')
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

function quiet() {
  return { clock, signal: new AbortController().signal, onProgress: () => undefined }
}

test('a killed indexer costs a batch: the next one goes on, at once, and nothing half is seen', async t => {
  const repository = manyFiles(t, FILES)
  const { dir, index } = testIndex(t)
  const child = await stoppedChild(t, dir, [golden(repository)], 128)
  const { indexing, repositories } = index.status()
  assert.equal(indexing?.pid, child.pid)
  assert.deepEqual(
    repositories.map(({ files, commit }) => [files, commit]),
    [[0, undefined]],
  )
  await kill(child)
  assert.equal(index.status().indexing, undefined)
  const refreshed = await refresh({ dir, golden: [golden(repository)], ...quiet() })
  const parsed = refreshed.repositories[0]?.parsed ?? FILES
  assert.ok(parsed <= FILES - 128, `${parsed} of ${FILES} were parsed again`)
  assert.equal(index.status().repositories[0]?.files, FILES)
  assert.equal(index.db.prepare('SELECT count(*) AS n FROM artifact').get()?.n, FILES)
  assert.deepEqual(await index.repair(), [])
})

test('while another process indexes, one waits and says so, and can be called off', async t => {
  const repository = manyFiles(t, FILES)
  const { dir } = testIndex(t)
  const child = await stoppedChild(t, dir, [golden(repository)], 64)
  const over = new AbortController()
  const why = new Error('called off')
  const phases = new Set<string>()
  const onProgress = ({ phase }: Progress) => {
    phases.add(phase)
    over.abort(why)
  }
  await assert.rejects(refresh({ dir, golden: [golden(repository)], clock, signal: over.signal, onProgress }), why)
  assert.deepEqual([...phases], ['waiting'])
  child.kill('SIGCONT')
  const { repositories } = await refresh({ dir, golden: [golden(repository)], ...quiet() })
  assert.equal(repositories[0]?.parsed, 0, 'the other one has done it')
})

test('called off in the middle, it ends with that reason, and what was parsed is not parsed again', async t => {
  const repository = manyFiles(t, FILES)
  const { dir, index } = testIndex(t)
  const over = new AbortController()
  const why = new Error('called off')
  const stop = (progress: Progress) => void (progress.phase === 'indexing' && progress.done >= 64 && over.abort(why))
  await assert.rejects(index.refresh([golden(repository)], { signal: over.signal, onProgress: stop }), why)
  assert.equal(index.status().repositories[0]?.commit, undefined)
  const { repositories } = await refresh({ dir, golden: [golden(repository)], ...quiet() })
  assert.ok((repositories[0]?.parsed ?? FILES) <= FILES - 64)
})

test('progress is of files, and reaches its end', async t => {
  const repository = manyFiles(t, 100)
  const { index } = testIndex(t)
  const seen: Progress[] = []
  const { signal } = new AbortController()
  await index.refresh([golden(repository)], { signal, onProgress: progress => seen.push(progress) })
  const phases = [...new Set(seen.map(({ phase }) => phase))]
  assert.deepEqual(phases, ['fetching', 'listing', 'indexing', 'tidying'])
  const { done, total } = seen.findLast(({ phase }) => phase === 'indexing') ?? {}
  assert.deepEqual([done, total], [100, 100])
})

test('a source that must not be given to git is a trouble of that repository alone', async t => {
  const repository = manyFiles(t, 1)
  const { index, refresh: bring } = testIndex(t)
  const evil = golden({ dir: 'ext::sh -c "touch /tmp/x"' }, { name: 'team/evil' })
  const option = golden(repository, { name: 'team/option', ref: '--upload-pack=x' })
  const { repositories } = await bring([evil, option, golden(repository)])
  assert.deepEqual(
    repositories.map(({ trouble }) => trouble?.code),
    ['GIT_SOURCE_REFUSED', 'GIT_REF_REFUSED', undefined],
  )
  assert.equal(index.status().repositories.length, 3)
})
