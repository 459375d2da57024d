import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Found } from './passage.ts'
import { rank } from './rank.ts'

const found = (name: string): Found => ({
  ...{ id: 1, artifact: 1, repository: 'acme/a', commit: 'c'.repeat(40), path: 'a.ts', startLine: 1, endLine: 2 },
  ...{ kind: 'function', name, container: '', doc: '', language: 'typescript', score: 1 },
})

test('of two that have the words equally often, the one whose whole name is said comes first', () => {
  const named = (words: string[]) =>
    rank([found('parseDateRange'), found('parseDate')], words, []).map(({ name }) => name)
  assert.deepEqual(named(['parsing', 'dates']), ['parseDate', 'parseDateRange'])
  assert.deepEqual(named(['range']), ['parseDateRange', 'parseDate'])
})
