import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditQuery, auditVerifyQuery } from './audit.ts'

const hash = 'h'.repeat(43)

test('a place in a chain is its sequence and its hash; one anchor is a list of one', () => {
  const place = { sequence: 12, hash }
  assert.deepEqual(auditVerifyQuery.parse({ after: `12:${hash}`, anchor: `12:${hash}` }), {
    ...{ tenant: 'ten_default', region: 'control', after: place, anchor: [place] },
  })
  assert.deepEqual(auditVerifyQuery.parse({ anchor: [`12:${hash}`, `13:${hash}`] }).anchor, [
    place,
    { sequence: 13, hash },
  ])
  for (const wrong of ['12', `:${hash}`, `12:${hash}x`, `-1:${hash}`, `12;${hash}`])
    assert.equal(auditVerifyQuery.safeParse({ after: wrong }).success, false, wrong)
})

test('times are read with their offset, limits are bounded', () => {
  const { from, limit } = auditQuery.parse({ from: '2026-11-23T09:00:00+02:00', limit: '500' })
  assert.deepEqual([from, limit], [Date.UTC(2026, 10, 23, 7), 500])
  assert.equal(auditQuery.safeParse({ from: '2026-11-23' }).success, false)
  assert.equal(auditQuery.safeParse({ limit: '501' }).success, false)
})
