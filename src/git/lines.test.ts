import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allLines, lineSet, noLines } from './lines.ts'

test('a set of lines knows its lines and what touches them', () => {
  const lines = lineSet([
    { start: 3, end: 5 },
    { start: 9, end: 9 },
  ])
  assert.deepEqual([2, 3, 5, 6, 9].map(lines.has), [false, true, true, false, true])
  assert.ok(lines.touches(1, 3) && lines.touches(4, 4) && lines.touches(6, 20))
  assert.ok(!lines.touches(6, 8) && !lines.touches(10, 20))
  assert.ok(allLines.has(1_000_000) && !noLines.touches(1, 1_000_000))
})
