import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { machine } from './mentor.ts'

const log = {
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: { name: 'towpath-mentor', rules: [{ id: 'go/errors/wrapped', properties: { answer: 'wrapped' } }] },
      },
      invocations: [{ endTimeUtc: '2026-11-23T10:00:00Z' }],
      results: [],
      properties: { tallies: [{ norm: 'errors/wrapped', language: 'go', kept: 3, broken: 1 }], undecided: [] },
    },
  ],
}

test('a page out of a folder of SARIF, and its data', async t => {
  const { project, run, done, write } = machine(t)
  write({ 'project/sarif/1.sarif': log, 'project/sarif/2.sarif': '{}' })
  const made = await run(['mentor', 'report', 'sarif', '--to', 'team.html'])
  assert.equal(made.code, 0)
  assert.match(made.stderr, /2\.sarif is no SARIF 2\.1\.0; it is left out\.\nWrote team\.html: 1 runs\./)
  assert.match(readFileSync(join(project, 'team.html'), 'utf8'), /<code>errors\/wrapped<\/code>[\s\S]*25 % \(1 of 4\)/)
  assert.match(await done(['mentor', 'report', 'sarif']), /^<!doctype html>/)
  assert.deepEqual(JSON.parse(await done(['mentor', 'report', 'sarif', '--query', 'habits[].weeks[].broken'])), [1])
  const missing = await run(['mentor', 'report', 'nowhere'])
  assert.equal(missing.code, 4)
  assert.match(missing.stderr, /towpath mentor check --format sarif/)
})
