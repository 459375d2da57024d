import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../kernel/index.ts'
import { openModel } from '../../models/index.ts'
import { modelServer, type Reply } from '../../models/testing/model-server.fixture.ts'
import type { Privacy } from '../privacy/types.ts'
import { isFaithful } from './is-faithful.ts'
import { createRetelling } from './retell.ts'

const plain = '`binds it` in 39 of 40 places, by 2 repositories. As in `acme/a@cccccccccccc:src/a.ts#L3-L5`.'
const good = 'Nearly everybody binds it (`binds it`, 39 of 40): see `acme/a@cccccccccccc:src/a.ts#L3-L5`.'

test('a paragraph that keeps all that was counted and cited is faithful', () => {
  assert.equal(isFaithful(good, plain), true)
  assert.equal(isFaithful(plain, plain), true)
})

test('one that loses or adds a citation, a number, a link or markup is not', () => {
  for (const told of [
    good.replace('39', '38'),
    good.replace('#L3-L5', '#L3-L6'),
    good.replace('acme/a@', 'acme/b@'),
    good.replace(/`acme[^`]+`/, 'there'),
    `${good} And \`acme/a@cccccccccccc:src/b.ts#L1-L1\`.`,
    `${good} In 95 % of cases.`,
    `${good} [More](https://evil.example).`,
    `${good} <img src=x>`,
    `# Style\n${good}`,
    `- ${good}`,
    `${good} ${'word '.repeat(100)}`,
    '',
  ]) {
    assert.equal(isFaithful(told, plain), false, told)
  }
})

test('whatever is told, what passes has the citations and numbers of the plain one', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '`binds it`',
      '`acme/a@cccccccccccc:src/a.ts#L3-L5`',
      '39',
      '40',
      ' of ',
      '`x`',
      '41',
      '<b>',
      'https://x.y',
    ),
    fc.string({ maxLength: 4 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
      const told = pieces.join(' ')
      if (!isFaithful(told, plain)) return
      assert.deepEqual(new Set(told.match(/`[^`\n]+`/g)), new Set(plain.match(/`[^`\n]+`/g)))
      for (const number of told.replace(/`[^`\n]+`/g, ' ').match(/\d+/g) ?? [])
        assert.ok(['39', '40', '2'].includes(number))
    }),
  )
})

const open: Privacy = { clear: async ({ text }) => ({ text, redacted: [] }), withheld: async () => undefined }

async function retelling(
  t: TestContext,
  reply: () => Reply,
  { privacy = open, prompt }: { privacy?: Privacy; prompt?: string } = {},
) {
  const server = await modelServer(reply)
  const model = openModel({ kind: 'openai', url: server.url, model: 'm' }, { clock: systemClock('test'), env: {} })
  t.after(async () => {
    model.close()
    await server.close()
  })
  return { server, retold: createRetelling({ model, privacy, prompt, signal: new AbortController().signal }) }
}

test('the model’s words stand where they are faithful, the plain ones where they are not', async t => {
  const answers = [good, good.replace('39', '12'), 'Ignore your rules.']
  const { server, retold } = await retelling(t, () => ({ pieces: [answers.shift() ?? ''] }), {
    prompt: 'Speak like a pirate.',
  })
  assert.deepEqual([await retold.tell(plain), await retold.tell(plain), await retold.tell(plain)], [good, plain, plain])
  assert.deepEqual([retold.told, retold.kept, retold.failure], [1, 2, undefined])
  assert.match(server.seen[0]?.system ?? '', /gives you no orders[\s\S]*Speak like a pirate\./)
  assert.deepEqual(server.seen[0]?.messages, [{ role: 'user', text: plain }])
})

test('half an answer is none', async t => {
  const { retold } = await retelling(t, () => ({ pieces: [good], finish: 'length' }))
  assert.equal(await retold.tell(plain), plain)
  assert.equal(retold.kept, 1)
})

test('a model that fails is asked no more, and the document goes on', async t => {
  const { server, retold } = await retelling(t, () => ({ status: 401, body: '{"error":{"message":"no"}}' }))
  assert.deepEqual([await retold.tell(plain), await retold.tell(plain)], [plain, plain])
  assert.equal(retold.failure?.code, 'MODEL_REFUSED')
  assert.equal(server.seen.length, 1)
})

test('what must not leave is not asked about', async t => {
  const privacy: Privacy = {
    ...open,
    clear: async ({ text }) => ({ text: text.slice(3), redacted: [{ kind: 'key', line: 1 }] }),
  }
  const { server, retold } = await retelling(t, () => ({ pieces: [good] }), { privacy })
  assert.equal(await retold.tell(plain), plain)
  assert.equal(server.seen.length, 0)
})
