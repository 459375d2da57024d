import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkConfig } from '../../src/mentor/index.ts'
import { PROGRAM } from '../support/platform.ts'
import { BREACH, writeGolden } from './golden.ts'
import { machine } from './mentor.ts'

const text = readFileSync(new URL('../../docs/mentor.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block)

test('every command of docs/mentor.md runs, one after the other', { timeout: 170_000 }, t => {
  const one = machine(t)
  writeGolden(one)
  one.write({
    'project/src/save.ts': BREACH,
    'bin/npx': `#!/bin/sh\nshift\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`,
  })
  one.commit('project')
  one.write({ 'project/src/more.ts': BREACH })
  chmodSync(join(one.home, 'bin/npx'), 0o755)
  const env = { ...one.env, PATH: `${join(one.home, 'bin')}:${process.env.PATH}` }
  const said = new Map<string, string>()
  const lines = blocks('sh').flatMap(block => block.trim().split('\n'))
  assert.ok(lines.length > 15)
  for (const line of lines) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: one.project, env, encoding: 'utf8' })
    assert.equal(status, 0, `${line}\n${stdout}\n${stderr}`)
    said.set(line, stdout)
  }
  const saying = (line: string) => said.get(`npx towpath mentor ${line}`) ?? ''
  assert.match(saying('norms'), /^errors\/catch-empty .* 60 of 61 .* 3 +local\/golden: empty \(1\)$/m)
  assert.match(
    saying('search retry a request with growing pauses'),
    /^function retryRequest\d+ +\S+@[0-9a-f]{12}:src\/load-\d+\.ts#L3-L10$/m,
  )
  assert.match(saying('check'), /^src\/more\.ts:5:5 +errors\/catch-empty +Who will know that this failed\?$/m)
  assert.doesNotMatch(saying('check'), /src\/save\.ts/, 'was there before')
  assert.match(saying('check --all --fail-on never'), /^src\/save\.ts:5:5 /m)
  const log = JSON.parse(readFileSync(join(one.project, 'mentor.sarif'), 'utf8'))
  assert.ok(log.runs[0].results.some((result: { ruleId: string }) => result.ruleId === 'typescript/errors/catch-empty'))
  const page = readFileSync(join(one.project, 'team.html'), 'utf8')
  assert.match(page, /errors\/catch-empty/)
  for (const made of [page, JSON.stringify(log), saying('report mentor.sarif -o json')])
    assert.doesNotMatch(made, /\bjoe\b|\bdoe\b|example\.org/i)
})

test('the archangel.json of the document is right', () => {
  const [shown = ''] = blocks('json')
  assert.deepEqual(checkConfig('/work/archangel.json', shown), [])
})
