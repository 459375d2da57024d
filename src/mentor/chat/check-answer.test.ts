import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAnswer, UNBACKED } from './check-answer.ts'
import { twoPassages } from './passages.fixture.ts'

const MARK = ` *(${UNBACKED})*`

async function checked(text: string, size = 7) {
  const { passages } = await twoPassages()
  const check = checkAnswer(passages)
  let shown = ''
  for (let at = 0; at < text.length; at += size) shown += await check.push(text.slice(at, at + size))
  shown += await check.end()
  return { shown, cited: check.cited().map(({ number }) => number), struck: check.struck(), ...check.counts() }
}

test('a sentence that rests on a passage stays, another is marked', async () => {
  const { shown, cited, sentences, backed } = await checked('Keep causes [1]. Never sleep. Retry twice [2].\n')
  assert.equal(shown, `Keep causes [1]. Never sleep.${MARK} Retry twice [2].\n`)
  assert.deepEqual([cited, sentences, backed], [[1, 2], 3, 2])
})

test('a run of them is marked once, and where its paragraph ends', async () => {
  const { shown } = await checked('One thing. Another thing.\n\nKeep causes [1].\n\nLast thing')
  const two = ` *(the last 2 sentences are ${UNBACKED})*`
  assert.equal(shown, `One thing. Another thing.${two}\n\nKeep causes [1].\n\nLast thing${MARK}`)
})

test('an invented number takes the sentence’s ground away', async () => {
  const { shown, struck, backed } = await checked('Always use globals [17].')
  assert.equal(shown, `Always use globals .${MARK}`)
  assert.deepEqual([struck, backed], [['[17]'], 0])
})

test('titles and words that lead to a list are no claims, unless they are long', async () => {
  assert.equal(
    (await checked('# Errors\n\nFor example:\n\n- Keep causes [1]\n')).shown,
    '# Errors\n\nFor example:\n\n- Keep causes [1]\n',
  )
  const long = `# ${'Never ever do this '.repeat(6).trim()}`
  assert.equal((await checked(`${long}\n`)).shown, `${long}${MARK}\n`)
})

test('a fenced block is looked up in the passages line by line', async () => {
  const quoted = "```ts\nthrow new Error('x', { cause })\n```\n"
  assert.equal((await checked(`So [1]:\n${quoted}`)).shown, `So [1]:\n${quoted}*(word for word in [1])*\n`)
  const own = '```ts\nitems[1] = items[99]\n```'
  const { shown, struck } = await checked(own)
  assert.equal(shown, `${own}\n*(${UNBACKED})*\n`)
  assert.deepEqual(struck, [])
  const placed = await checked('```\nacme/web@ffffffffffff:src/x.ts#L1-L2\n```')
  assert.deepEqual(placed.struck, ['acme/web@ffffffffffff:src/x.ts#L1-L2'])
})

test('what is copied from a passage without saying so is said to be', async () => {
  const { shown } = await checked('Now run `npm install left pad`.')
  assert.equal(
    shown,
    `Now run \`npm install left pad\`. *(${UNBACKED}; word for word in [2], which the answer did not say)*`,
  )
})

test('however an answer comes in, the same is shown', async () => {
  const text = 'A thing [1]. B thing [9]!\n\n```\nx[1]\n```\n\n1. C `d[2]` e\n2. F [2]\n\nhttps://evil.example G.'
  const whole = await checked(text, text.length)
  for (const size of [1, 2, 3, 5, 11]) assert.deepEqual(await checked(text, size), whole)
})

test('nothing in an answer steers a terminal or hides', async () => {
  const { shown } = await checked('Keep\u001b]0;x\u0007 causes\u202e\u{e0041}\r\n\tnow [1].', 1)
  assert.equal(shown, 'Keep]0;x causes\n\tnow [1].')
})
