import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../kernel/index.ts'
import { throttleWords } from './throttle-words.ts'

test('limits are read from words, the later ones over the earlier', () => {
  assert.deepEqual(throttleWords(['read=20000/10000', 'oauth=50', 'write=none']), {
    read: { registry: 20_000, identity: 10_000 },
    oauth: { registry: 50, identity: 0 },
    write: { registry: 0, identity: 0 },
  })
  const none = { registry: 0, identity: 0 }
  assert.deepEqual(throttleWords(['all=none', 'read=9/3']), {
    ...{ read: { registry: 9, identity: 3 }, write: none, delete: none, referrers: none, oauth: none },
  })
})

for (const word of ['read', 'read=', 'pull=3', 'read=-1', 'read=3/', 'read=1e9', '=3', 'read=none/3']) {
  test(`"${word}" is refused with an example`, () => {
    assert.throws(
      () => throttleWords([word]),
      error => error instanceof Failure && error.next.includes('read=20000/10000'),
    )
  })
}
