import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { analyzerVersion } from './analyzer-version.ts'
import { AskedPaths } from './asked-paths.ts'
import { openKnown } from './known.ts'
import { indexSchema } from './tables.ts'

/** Two files of a repository: the first asked for `a.test.ts`, which was not there; the second looked at all paths. */
function indexed(paths: readonly string[], version = analyzerVersion()) {
  const db = new DatabaseSync(':memory:')
  db.exec(indexSchema)
  const all = new AskedPaths(['a.ts', 'b.ts'])
  const artifact = db.prepare('INSERT INTO artifact (id, path, oid, version, paths) VALUES (?, ?, ?, ?, ?)')
  artifact.run(1, 'a.ts', 'oid-a', version, '')
  artifact.run(2, 'b.ts', 'oid-b', version, all.digest)
  db.exec("INSERT INTO asked_path VALUES (1, 'a.test.ts', 0)")
  db.exec("INSERT INTO file VALUES (7, 'a.ts', 'oid-a', 1, ''), (7, 'b.ts', 'oid-b', 2, '')")
  return openKnown(db, { id: 7, version }, new AskedPaths(paths))
}

test('what has not changed still holds, in its repository and elsewhere', () => {
  const known = indexed(['a.ts', 'b.ts'])
  assert.deepEqual({ ...known.still('a.ts', 'oid-a') }, { oid: 'oid-a', artifact: 1, skipped: '' })
  assert.equal(known.still('a.ts', 'oid-other'), undefined)
  assert.equal(known.elsewhere('b.ts', 'oid-b'), 2)
  assert.equal(known.elsewhere('c.ts', 'oid-b'), undefined, 'under another name it is another file')
})

test('a path that comes is news for who asked for it and for who looked at all', () => {
  const other = indexed(['a.ts', 'b.ts', 'c.ts'])
  assert.equal(other.still('a.ts', 'oid-a')?.artifact, 1)
  assert.equal(other.still('b.ts', 'oid-b'), undefined)
  const asked = indexed(['a.ts', 'b.ts', 'a.test.ts'])
  assert.equal(asked.still('a.ts', 'oid-a'), undefined)
  assert.equal(asked.elsewhere('a.ts', 'oid-a'), undefined)
})

test('what other code analysed is analysed again', () => {
  const known = indexed(['a.ts', 'b.ts'], 'older')
  assert.equal(known.still('a.ts', 'oid-a'), undefined)
  assert.equal(known.elsewhere('a.ts', 'oid-a'), undefined)
})
