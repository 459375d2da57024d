import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Failure } from '../kernel/index.ts'
import { lockHome } from './home-lock.ts'

test('a home is held by one, and free again once released', t => {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-lock-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const home = join(dir, 'home')
  const held = lockHome({ home })
  assert.equal(statSync(home).mode & 0o777, 0o700)
  assert.throws(
    () => lockHome({ home }),
    (error: unknown) => error instanceof Failure && error.code === 'HOME_IN_USE' && error.next.includes('TOWPATH_HOME'),
  )
  held.release()
  lockHome({ home }).release()
})
