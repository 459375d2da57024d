import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../kernel/index.ts'
import { checkMirror } from './check-mirror.ts'
import { fetchMirror } from './fetch-mirror.ts'
import { tempDir, testRepository } from './repository.fixture.ts'

test('a mirror is whole, or git says what is wrong with it', async t => {
  const clock = systemClock('test')
  const dir = join(tempDir(t), 'mirror.git')
  await fetchMirror({ source: testRepository(t, { 'a.ts': 'one\n' }).dir, dir, clock })
  assert.equal(await checkMirror({ dir, clock }), undefined)
  const objects = join(dir, 'objects')
  for (const name of readdirSync(objects)) rmSync(join(objects, name), { recursive: true })
  assert.match((await checkMirror({ dir, clock })) ?? '', /git fsck ended with/)
  assert.match((await checkMirror({ dir: join(dir, 'refs'), clock })) ?? '', /git fsck ended with/)
})
