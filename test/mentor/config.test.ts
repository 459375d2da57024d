import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { machine } from './mentor.ts'

test('a first archangel.json, of what is a repository, where none is', async t => {
  const { project, run } = machine(t)
  const wrong = await run(['mentor', 'init', 'owner/name', 'ext::sh -c id'])
  assert.equal(wrong.code, 1)
  assert.match(wrong.stderr, /repositories\[1\] is not taken\. Set it to owner\/name/)
  assert.match(
    (await run(['mentor', 'init', 'owner/name', '../golden', '--name', 'team'])).stderr,
    /towpath mentor index/,
  )
  const file = join(project, 'archangel.json')
  const made = { name: 'team', version: '1.0.0', repositories: ['owner/name', '../golden'] }
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), made)
  const again = await run(['mentor', 'init', 'other/name'])
  assert.equal(again.code, 5)
  assert.match(again.stderr, /is there already\n.*Add to its "repositories"/)
})

test('what a file would send and run is shown, allowed, and taken back', async t => {
  const { write, done, run } = machine(t)
  const model = { kind: 'openai', url: 'https://gateway.example.org/v1', model: 'm', key: 'env:TEAM_KEY' }
  write({ 'project/archangel.json': { model, handlers: [{ on: ['hintMuted'], command: ['tell'] }] } })
  const [asked] = JSON.parse(await done(['mentor', 'allow', '-o', 'json']))
  assert.deepEqual([asked.model, asked.handlers.length], [model, 1])
  assert.match((await run(['mentor', 'allow'])).stderr, /Allow it: towpath mentor allow --yes/)
  assert.match((await run(['mentor', 'allow', '--yes'])).stderr, /Allowed/)
  assert.match((await run(['mentor', 'allow', '--take-back'])).stderr, /Nothing of it/)
  assert.equal((await run(['mentor', 'allow', '--yes', '--take-back'])).code, 2)
})

test('a shell completes commands, languages and golden repositories', async t => {
  const { write, done } = machine(t)
  write({ 'project/archangel.json': { repositories: ['acme/payments', '../golden'] } })
  const words = async (...typed: string[]) =>
    (await done(['complete', 'fish', '--', 'mentor', ...typed]))
      .trimEnd()
      .split('\n')
      .map(line => line.split('\t')[0])
  const commands = await words('')
  for (const name of [
    'init',
    'allow',
    'index',
    'refresh',
    'status',
    'norms',
    'search',
    'check',
    'report',
    'repair',
    'wipe',
    'schema',
  ])
    assert.ok(commands.includes(name), name)
  assert.deepEqual(await words('norms', '--language', 'py'), ['python'])
  assert.deepEqual(await words('refresh', 'l'), ['local/golden'])
})
