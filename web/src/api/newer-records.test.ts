import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditRecord, AuditRecordList } from '../../../src/api/index.ts'
import { type Held, MOST_SHOWN, reachOf, shownOf, withNewer } from './newer-records.ts'

const id = (at: number) => String(at).padStart(6, '0')
const record = (at: number, sequence = at) => ({ id: id(at), sequence }) as AuditRecord
/** Records `from` down to `to`. */
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, step) => record(from - step))
const held = (...pages: AuditRecordList[]): Held => ({ pages, pageParams: pages.map(() => '') })
const ids = ({ pages }: Held) => shownOf(pages).map(one => one.id)

test('what is newer stands before what was read, once, and what was read goes on where it ended', () => {
  const before = held({ records: down(9, 7), next: id(7) }, { records: down(6, 4), next: id(4) })
  const now = withNewer(before, { records: down(11, 8), next: id(8) })
  assert.deepEqual(
    ids(now),
    down(11, 4).map(one => one.id),
  )
  assert.equal(now.pages.at(-1)?.next, id(4))
})

test('one that was written a moment late gets its place', () => {
  const before = held({ records: [record(9), record(7), record(6)], next: id(6) })
  assert.deepEqual(
    ids(withNewer(before, { records: down(9, 7), next: id(7) })),
    down(9, 6).map(one => one.id),
  )
})

test('what was not sealed when it was read is renewed, as deep as it lies', () => {
  const before = held({ records: [record(9, 0), record(8, 0), record(7)], next: id(7) })
  assert.equal(reachOf(before), 2)
  const now = withNewer(before, { records: down(10, 8), next: id(8) })
  assert.deepEqual(
    shownOf(now.pages).map(({ sequence }) => sequence),
    [10, 9, 8, 7],
  )
  assert.equal(reachOf(now), 0)
  assert.equal(reachOf(undefined), 0)
  assert.equal(reachOf(held({ records: down(2000, 1).map(one => ({ ...one, sequence: 0 })) })), 450)
})

test('where records lie between what was read and what is new, it starts anew', () => {
  const page = { records: down(99, 90), next: id(90) }
  assert.deepEqual(withNewer(held({ records: down(9, 7), next: id(7) }), page), held(page))
  const all = { records: down(2, 1) }
  assert.deepEqual(withNewer(held({ records: [] }), all), held(all))
})

test('there are never more than fit; it goes on below the last', () => {
  const before = held({ records: down(MOST_SHOWN, 1) })
  const now = withNewer(before, { records: down(MOST_SHOWN + 5, MOST_SHOWN), next: id(MOST_SHOWN) })
  assert.equal(shownOf(now.pages).length, MOST_SHOWN)
  assert.equal(now.pages.at(-1)?.next, id(6))
  // Its end is the end where nothing was cut.
  assert.equal(withNewer(held({ records: down(3, 1) }), { records: down(4, 3), next: id(3) }).pages[0]?.next, undefined)
})
