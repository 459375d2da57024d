import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AskedPaths } from './asked-paths.ts'

test('what was asked for is known, also what is not there', () => {
  const paths = new AskedPaths(['a.ts', 'b.ts'])
  paths.start()
  assert.equal(paths.has('a.test.ts'), false)
  assert.equal(paths.has('a.ts'), true)
  assert.ok(paths.holds('b.ts'))
  assert.deepEqual(
    [...paths.asked],
    [
      ['a.test.ts', false],
      ['a.ts', true],
    ],
  )
  assert.equal(paths.lookedAt, '')
  paths.start()
  assert.equal(paths.asked.size, 0)
})

test('who looks at all of them depends on all of them', () => {
  const looks: ((paths: AskedPaths) => unknown)[] = [
    paths => [...paths],
    paths => paths.size,
    paths => [...paths.values()],
    paths => [...paths.keys()],
    paths => [...paths.entries()],
    paths => paths.forEach(() => {}),
  ]
  for (const look of looks) {
    const paths = new AskedPaths(['b', 'a'])
    paths.start()
    look(paths)
    assert.equal(paths.lookedAt, new AskedPaths(['a', 'b']).digest)
    assert.notEqual(paths.lookedAt, new AskedPaths(['a']).digest)
  }
})
