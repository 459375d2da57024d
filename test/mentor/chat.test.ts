import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modelServer } from '../../src/models/testing/model-server.fixture.ts'
import { BREACH, writeGolden } from './golden.ts'
import { machine } from './mentor.ts'

const KEY = { MODEL_KEY: 'sk-commands-never' }

test('chat and review on the command line, without a model and with one', { timeout: 180_000 }, async t => {
  const one = machine(t)
  const { run, done, write, commit } = one
  writeGolden(one)
  const repositories = ['acme/payments', 'acme/orders']
  write({
    'project/archangel.json': { repositories },
    'project/.gitignore': '.env\n',
    'project/.env': 'TOKEN=hunter2x\n',
  })
  commit('project')
  await done(['mentor', 'index'])
  write({ 'project/src/new.ts': BREACH })

  const without = await run(['mentor', 'chat', 'what', 'happens', 'in', 'a', 'catch'])
  assert.equal(without.code, 0, without.stderr)
  assert.match(without.stdout, /No model is set[\s\S]*\[1\] acme\/\w+@[0-9a-f]{12}:\S+#L\d+-L\d+\n {4}\S/)
  const plain = await done(['mentor', 'review'])
  assert.match(plain, /^# Review of your changes\n\n1 file, \d+ remarks?\./)
  assert.match(plain, /## `src\/new\.ts`[\s\S]*says something[\s\S]*As in `acme\/\w+@[0-9a-f]{12}:/)

  const server = await modelServer(({ messages }) => ({
    pieces: [
      /colleague/.test(messages.at(-1)?.text ?? '') ? 'They say something [1].' : 'They tell [1].',
      ' Or not [70].',
    ],
  }))
  t.after(() => server.close())
  const model = { kind: 'openai', url: server.url, model: 'small', key: 'env:MODEL_KEY' }
  write({ 'project/archangel.json': { repositories, model } })
  await run(['mentor', 'chat', 'catch'])
  assert.equal(server.seen.length, 0, 'nothing is sent before it is allowed')
  await done(['mentor', 'allow', '--yes'])

  const dry = await done(['mentor', 'chat', '--dry-run', 'password = "hunter3x"', '--about', '.env'], { env: KEY })
  assert.match(dry, /Would be sent to localhost:\d+, model small:\n {2}\.env is left out: it is an environment file/)
  assert.doesNotMatch(dry, /hunter/)
  assert.equal(server.seen.length, 0)

  const told = await run(['mentor', 'chat', '--about', 'src/new.ts:1-2', 'what happens in a catch'], { env: KEY })
  assert.match(
    told.stdout,
    /^They tell \[1\]\. Or not \. \*\(not from your golden repositories\)\*\n\n\[1\] acme\/\w+@/,
  )
  assert.match(told.stderr, /leads to nothing that was given: `\[70\]`/)
  assert.equal(server.seen[0]?.headers.authorization, `Bearer ${KEY.MODEL_KEY}`)
  assert.match(server.seen[0]?.messages.at(-1)?.text ?? '', /own src\/new\.ts, lines 1 to 2/)

  const talk = await run(['mentor', 'chat', '-o', 'json'], { env: KEY, input: 'catch?\nand then?\n' })
  assert.equal(talk.code, 0, talk.stderr)
  assert.equal(server.seen.at(-1)?.messages.length, 3, 'the second question goes on with the first')

  const review = await done(['mentor', 'review', '-o', 'json'], { env: KEY })
  const { words } = JSON.parse(review)
  assert.match(words.text, /^They say something \[1\]\. Or not \. \*\(not from/)
  assert.deepEqual(words.struck, ['[70]'])
  const before = server.seen.length
  assert.equal(await done(['mentor', 'review', '--no-words'], { env: KEY }), plain)
  assert.equal(server.seen.length, before)
  const refused = await run(['mentor', 'review'], { env: {} })
  assert.deepEqual([refused.code, refused.stdout], [0, plain])
  assert.match(refused.stderr, /Without the model’s words: The secret env:MODEL_KEY is not set/)
})
