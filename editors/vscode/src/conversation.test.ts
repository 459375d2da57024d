import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, type Ask, type AskOptions, createConversation } from './conversation.ts'

const at = { line: 0, character: 0 }
const CITED = [{ number: 1, citation: 'acme/web@0123:src/a.ts#L1-L2', uri: 'golden:/a', range: { start: at, end: at } }]

/** A mentor that answers when it is told to. */
function byHand() {
  const asked: (AskOptions & { give(answer: Answer): void })[] = []
  const ask: Ask = (_, options) =>
    new Promise((give, fail) => {
      options.signal.addEventListener('abort', () => fail(new Error('Canceled')))
      asked.push({ ...options, give })
    })
  return { asked, ask }
}

test('an answer grows, then has its sources', async () => {
  const { asked, ask } = byHand()
  const seen: string[] = []
  const conversation = createConversation(ask, index => {
    const { answer, state } = conversation.turns[index ?? -1] ?? {}
    seen.push(`${index} ${state} ${answer}`)
  })
  const asking = conversation.ask('How?')
  await conversation.ask('A second one while the first is answered')
  asked[0]?.onText('So')
  asked[0]?.onText('So [1]')
  assert.equal(conversation.citation(0, 1), undefined)
  asked[0]?.give({ text: 'So [1].', sources: CITED, notes: ['Not whole.'] })
  await asking
  assert.deepEqual(seen, ['0 streaming ', '0 streaming So', '0 streaming So [1]', '0 done So [1].'])
  assert.equal(asked.length, 1)
  assert.deepEqual(conversation.turns[0]?.sources, [{ number: 1, label: 'acme/web@0123:src/a.ts#L1-L2' }])
  assert.deepEqual(conversation.turns[0]?.notes, ['Not whole.'])
  assert.equal(conversation.citation(0, 1)?.uri, 'golden:/a')
  assert.equal(conversation.citation(0, 2), undefined)
})

test('what is stopped keeps what came, and the next question may be asked', async () => {
  const { asked, ask } = byHand()
  const conversation = createConversation(ask, () => undefined)
  const asking = conversation.ask('How?')
  asked[0]?.onText('So')
  conversation.stop()
  await asking
  assert.deepEqual(conversation.turns, [{ question: 'How?', answer: 'So', sources: [], notes: [], state: 'stopped' }])
  const again = conversation.ask('And?')
  asked[1]?.give({ text: 'Like this.', sources: [], notes: [] })
  await again
  assert.equal(conversation.turns[1]?.state, 'done')
  assert.deepEqual(
    asked.map(({ isNew }) => isNew),
    [true, false],
  )
})

test('what fails says why', async () => {
  const conversation = createConversation(
    () => Promise.reject(new Error('No model is set up')),
    () => undefined,
  )
  await conversation.ask('How?')
  assert.equal(conversation.turns[0]?.state, 'failed')
  assert.equal(conversation.turns[0]?.problem, 'No model is set up')
})

test('an answer that comes after a new chat was begun is in none', async () => {
  const seen: (number | undefined)[] = []
  let give: (answer: Answer) => void = () => undefined
  const deaf: Ask = () =>
    new Promise(done => {
      give = done
    })
  const conversation = createConversation(deaf, index => seen.push(index))
  const asking = conversation.ask('How?')
  conversation.clear()
  give({ text: 'Late', sources: CITED, notes: ['Not whole.'] })
  await asking
  assert.deepEqual([conversation.turns, conversation.citation(0, 1), seen], [[], undefined, [0, undefined]])
})
