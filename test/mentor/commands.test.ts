import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { PROGRAM } from '../support/platform.ts'
import { BREACH, writeGolden } from './golden.ts'
import { machine } from './mentor.ts'

test('from nothing to norms, with a next step at each stop', { timeout: 120_000 }, async t => {
  const one = machine(t)
  const { run, done, write } = one
  for (const command of [['index'], ['norms'], ['search', 'x']]) {
    const { code, stderr } = await run(['mentor', ...command])
    assert.deepEqual([code, /towpath mentor init owner\/name/.test(stderr)], [4, true], command.join())
  }
  const mistyped = await run(['mentor', 'serach', 'x'])
  assert.deepEqual([mistyped.code, /unknown command 'serach'/.test(mistyped.stderr)], [2, true])
  writeGolden(one)
  write({ 'project/archangel.json': { repositories: ['acme/payments', '../golden', 'acme/missing'] } })
  const early = await run(['mentor', 'norms'])
  assert.deepEqual([early.code, /towpath mentor index/.test(early.stderr)], [4, true])
  const indexed = await run(['mentor', 'index', '-o', 'json'])
  assert.equal(indexed.code, 1, 'one of them is missing')
  assert.match(indexed.stderr, /^acme\/missing: .+\n {2}.+$/m)
  const states = JSON.parse(indexed.stdout).repositories.map(
    (row: { repository: string; parsed: number; trouble?: unknown }) => [
      row.repository,
      row.parsed > 0,
      row.trouble === undefined,
    ],
  )
  assert.deepEqual(states, [
    ['acme/payments', true, true],
    ['local/golden', true, true],
    ['acme/missing', false, false],
  ])
  const status = JSON.parse(await done(['mentor', 'status', '-o', 'json']))
  assert.deepEqual(
    status.repositories.map((row: { files?: number }) => row.files ?? 0),
    [20, 21, 0],
  )
  assert.deepEqual(
    JSON.parse(
      await done(['mentor', 'norms', '-o', 'json', '--query', "[?id=='errors/catch-empty'].[answer, agree, cases]"]),
    ),
    [['says something', 40, 41]],
  )
  const importing = async (...args: string[]) =>
    JSON.parse(
      await done(['mentor', 'importers', ...args, '-o', 'json', '--query', '[].[repository, startLine, names]']),
    )
  assert.deepEqual(await importing('src/read.ts', '--limit', '1'), [['acme/payments', 1, ['read']]])
  assert.equal((await importing('src/read.ts', '--limit', '100')).length, 40)
  assert.deepEqual(await importing('node:fs'), [])
  const again = JSON.parse(await done(['mentor', 'refresh', 'local/golden', '-o', 'json']))
  assert.deepEqual(
    again.repositories.map((row: { parsed: number }) => row.parsed),
    [0],
  )
  const unknown = await run(['mentor', 'refresh', 'local/other'])
  assert.deepEqual([unknown.code, /Name one of: acme\/payments/.test(unknown.stderr)], [4, true])
  assert.equal((await run(['mentor', 'wipe'])).code, 2, 'it asks whether you mean it')
  assert.match((await run(['mentor', 'repair'])).stderr, /Nothing is damaged/)
  assert.match((await run(['mentor', 'wipe', '--yes'])).stderr, /empty/)
  assert.equal((await run(['mentor', 'norms'])).code, 4)
})

test('check: what changed, mutes with their reason, a nested configuration, links, exit codes', {
  timeout: 120_000,
}, async t => {
  const one = machine(t)
  const { home, project, run, done, write, commit, git } = one
  writeGolden(one)
  write({ 'project/archangel.json': { repositories: ['acme/payments', 'acme/orders'] }, 'project/old.ts': BREACH })
  commit('project')
  git('project', 'branch', 'before')
  await done(['mentor', 'index'])
  const places = async (...args: string[]) => {
    const { findings } = JSON.parse(await done(['mentor', 'check', '--format', 'json', ...args]))
    const caught = findings.filter((one: { norm: { id: string } }) => one.norm.id === 'errors/catch-empty')
    return caught.map((one: { path: string; mute?: { reason: string } }) =>
      `${one.path} ${one.mute?.reason ?? ''}`.trim(),
    )
  }
  assert.deepEqual(await places(), [])
  write({
    'project/lib/archangel.json': { mute: [{ norm: 'errors/*', path: 'made/**', reason: 'generated code' }] },
    'project/lib/made/a.ts': BREACH,
    'project/lib/b.ts': BREACH,
    'outside.ts': BREACH,
  })
  symlinkSync(join(home, 'outside.ts'), join(project, 'lib/link.ts'))
  assert.deepEqual(await places(), ['lib/b.ts', 'lib/made/a.ts generated code'])
  assert.deepEqual(await places('lib/b.ts'), ['lib/b.ts'])
  assert.deepEqual(await places('--all', 'old.ts'), ['old.ts'])
  const told = await run(['mentor', 'check', '--fail-on', 'any'])
  assert.equal(told.code, 1)
  assert.match(told.stderr, /^lib\/link\.ts was not looked at: not readable$/m)
  assert.match(told.stdout, /errors\/catch-empty +muted: generated code/)
  const github = await done(['mentor', 'check', '--format', 'github'])
  assert.match(github, /^::warning file=lib\/b\.ts,line=5,/m)
  assert.doesNotMatch(github, /made/)
  const sarif = JSON.parse(await done(['mentor', 'check', '--format', 'sarif']))
  const muted = sarif.runs[0].results.filter((one: { suppressions: unknown[] }) => one.suppressions.length > 0)
  assert.deepEqual(muted[0].suppressions, [{ kind: 'external', status: 'accepted', justification: 'generated code' }])
  assert.equal((await run(['mentor', 'check', '../outside.ts'])).code, 4)
  assert.equal((await run(['mentor', 'check', '--changed', '--all'])).code, 2)

  commit('project')
  assert.deepEqual(await places(), [])
  assert.deepEqual(await places('--changed', 'before'), ['lib/b.ts', 'lib/made/a.ts generated code'])
  const wrong = await run(['mentor', 'check', '--changed', '--upload-pack=id'])
  assert.notEqual(wrong.code, 0)
  rmSync(join(project, '.git'), { recursive: true })
  assert.match((await run(['mentor', 'check'])).stderr, /is in no git repository\n {2}Run it in one/)
})

test('a configuration with an error in it stops the command and says where', async t => {
  const { write, run } = machine(t)
  write({ 'project/archangel.json': '{\n  "repositories": ["nowhere"],\n  "mutes": []\n}' })
  const { code, stderr } = await run(['mentor', 'index'])
  assert.equal(code, 1)
  assert.match(stderr, /archangel\.json:2:20 repositories\[0\] is no repository\. Write owner\/name/)
  assert.match(stderr, /Correct what is named above/)
})

test('^C stops an index that waits, and says how it goes on', { timeout: 60_000 }, async t => {
  const { env, project, write } = machine(t)
  // Takes calls and never answers.
  const silent = createServer(() => {})
  t.after(() => silent.close())
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  assert.ok(address !== null && typeof address === 'object')
  write({ 'project/archangel.json': { repositories: [`https://127.0.0.1:${address.port}/a/b`] } })
  const child = spawn(process.execPath, [PROGRAM, 'mentor', 'index'], { cwd: project, env })
  const said = text(child.stderr)
  const closed = once(child, 'close')
  await once(silent, 'connection')
  child.kill('SIGINT')
  assert.deepEqual(await closed, [1, null])
  assert.match(await said, /towpath: Stopped\n {2}Run it again: it goes on from here/)
})
