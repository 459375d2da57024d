import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Failure, systemClock } from '../kernel/index.ts'
import { type ModelOptions, openModel } from './model.ts'
import type { ModelSettings } from './settings.ts'
import type { Ask, ModelEvent } from './stream-answer.ts'
import { type ModelServer, modelServer, type Reply, type SeenAsk } from './testing/model-server.fixture.ts'

const limit = { timeout: 20_000 }
const SECRET = 'sk-Zq8vY1-never-to-be-seen'
const env = { MODEL_KEY: SECRET }
const question: Ask = { system: 'Be brief.', messages: [{ role: 'user', text: 'Why?' }] }

type Settings = Partial<ModelSettings>

async function asked(
  answer: (ask: SeenAsk) => Reply | Promise<Reply>,
  use: (ask: (more?: Partial<Ask>) => AsyncIterable<ModelEvent>, server: ModelServer) => Promise<void>,
  { patience, ...settings }: Settings & Pick<ModelOptions, 'patience'> = {},
) {
  const server = await modelServer(answer)
  const url = `${server.url}${settings.url ?? '/v1'}`
  const whole: ModelSettings = { kind: 'openai', model: 'small', key: 'env:MODEL_KEY', ...settings, url }
  const model = openModel(whole, { clock: systemClock('test'), env, ...(patience ? { patience } : {}) })
  try {
    await use(more => model.stream({ ...question, ...more }), server)
  } finally {
    model.close()
    await server.close()
  }
}

async function all(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  return Array.fromAsync(events)
}

/** Nothing of it may hold a secret, however deep somebody prints it. */
async function failureOf(events: AsyncIterable<ModelEvent>): Promise<Failure> {
  try {
    await all(events)
  } catch (error) {
    assert.ok(error instanceof Failure, inspect(error))
    assert.ok(!inspect(error, { depth: 20, showHidden: true }).includes(SECRET))
    assert.notEqual(error.next, '')
    return error
  }
  throw new Error('it did not fail')
}

test('OpenAI’s format: words as they come, usage at the end, the key as Bearer', limit, async () => {
  const answer = () => ({ pieces: ['Be', 'cause'] })
  const headers = { 'x-team': 'web' }
  await asked(
    answer,
    async (ask, { seen }) => {
      assert.deepEqual(await all(ask()), [
        { text: 'Be' },
        { text: 'cause' },
        { end: 'done', usage: { input: 7, output: 2 } },
      ])
      const [one] = seen
      assert.ok(one)
      assert.equal(one.path, '/v1/chat/completions')
      assert.equal(one.headers.authorization, `Bearer ${SECRET}`)
      assert.equal(one.headers['x-team'], 'web')
      assert.equal(one.headers['user-agent'], 'towpath')
      assert.deepEqual([one.system, one.messages], ['Be brief.', [{ role: 'user', text: 'Why?' }]])
      assert.deepEqual([one.body.model, one.body.max_tokens, one.body.tools], ['small', 4096, undefined])
    },
    { headers },
  )
})

test('Anthropic’s format: the key as x-api-key, the system’s part apart', limit, async () => {
  const messages = [
    { role: 'user', text: 'Why?' },
    { role: 'assistant', text: 'Because.' },
    { role: 'user', text: 'And then?' },
  ] as const
  await asked(
    () => ({ pieces: ['So', '.'], finish: 'length' }),
    async (ask, { seen }) => {
      assert.deepEqual(await all(ask({ messages, maxTokens: 50 })), [
        { text: 'So' },
        { text: '.' },
        { end: 'too long', usage: { input: 7, output: 2 } },
      ])
      const [one] = seen
      assert.ok(one)
      assert.equal(one.path, '/v1/messages')
      assert.equal(one.headers['x-api-key'], SECRET)
      assert.ok(one.headers['anthropic-version'])
      assert.deepEqual([one.system, one.messages, one.body.max_tokens], ['Be brief.', messages, 50])
    },
    { kind: 'anthropic', url: '' },
  )
})

test('Azure’s: the deployment in the path, api-key and api-version', limit, async () => {
  await asked(
    () => ({ pieces: ['Yes'] }),
    async (ask, { seen }) => {
      await all(ask())
      const [one] = seen
      assert.ok(one)
      assert.equal(one.path, '/openai/deployments/small/chat/completions')
      assert.equal(one.query, 'api-version=2025-01-01')
      assert.equal(one.headers['api-key'], SECRET)
      assert.equal(one.headers.authorization, undefined)
      assert.deepEqual([one.body.max_tokens, one.body.max_completion_tokens], [undefined, 4096])
    },
    { kind: 'azure', url: '', apiVersion: '2025-01-01' },
  )
})

test('a server without a key is sent none, not even one that lies in the environment', limit, async () => {
  const before = process.env.ANTHROPIC_API_KEY
  process.env.ANTHROPIC_API_KEY = SECRET
  try {
    for (const kind of ['openai', 'anthropic', 'azure'] as const) {
      const server = await modelServer(() => ({ pieces: ['x'] }))
      const model = openModel({ kind, url: server.url, model: 'm' }, { clock: systemClock('test'), env })
      await all(model.stream(question))
      const headers = server.seen[0]?.headers ?? {}
      assert.deepEqual(
        [headers.authorization, headers['x-api-key'], headers['api-key']],
        [undefined, undefined, undefined],
      )
      model.close()
      await server.close()
    }
  } finally {
    if (before === undefined) delete process.env.ANTHROPIC_API_KEY
    else process.env.ANTHROPIC_API_KEY = before
  }
})

test('what says "not now" is asked again, at the time that it names', limit, async () => {
  for (const status of [429, 500, 503, 529]) {
    let times = 0
    const answer = () => (++times < 3 ? { status, headers: { 'retry-after': '0' } } : { pieces: ['now'] })
    await asked(answer, async ask => {
      assert.deepEqual((await all(ask()))[0], { text: 'now' })
      assert.equal(times, 3)
    })
  }
})

test('tries end, and a host that wants long patience is not waited for', limit, async () => {
  let times = 0
  const busy = (after: string) => () => {
    times++
    return { status: 429, headers: { 'retry-after': after }, body: '{"error":{"message":"Slow down"}}' }
  }
  await asked(busy('0'), async ask => {
    const failure = await failureOf(ask())
    assert.match(failure.message, /answered 429: Slow down/)
    assert.equal(times, 3)
  })
  times = 0
  await asked(busy('3600'), async ask => {
    await failureOf(ask())
    assert.equal(times, 1)
  })
})

test('a refusal says why and what to do, without the key that it repeats, and is not tried again', limit, async () => {
  const refusals = [
    [
      401,
      `{"error":{"message":"Incorrect API key provided: ${SECRET}."}}`,
      /401: Incorrect API key.*\(hidden\)/,
      /key/,
    ],
    [404, '{"error":"model \\"small\\" not found"}', /404: model "small" not found/, /"url" and "model"/],
    [400, '{"message":"maximum context length\\nis 8192"}', /400: maximum context length is 8192/, /less context/],
    [403, '<html><body>Gateway</body></html>', /answered 403$/, /key/],
  ] as const
  for (const [status, body, says, next] of refusals) {
    await asked(
      () => ({ status, body }),
      async (ask, { seen }) => {
        const failure = await failureOf(ask())
        assert.match(failure.message, says)
        assert.match(failure.next, next)
        assert.equal(seen.length, 1)
      },
    )
  }
})

test('a redirect is not followed: the key would be told elsewhere', limit, async t => {
  const other = await modelServer(() => ({ pieces: ['mine now'] }))
  t.after(() => other.close())
  const answer = () => ({ status: 307, headers: { location: `${other.url}/v1/chat/completions` } })
  await asked(answer, async ask => {
    assert.match((await failureOf(ask())).message, /answered 307/)
    assert.equal(other.seen.length, 0)
  })
})

test('silence ends: before the first word, between two, and in all', limit, async () => {
  const never = new Promise<never>(() => {})
  const patience = { first: 60_000, between: 60_000, whole: 60_000 }
  await asked(
    () => ({ pieces: ['a'], before: () => never }),
    async ask => assert.match((await failureOf(ask())).message, /no first word in/),
    { patience: { ...patience, first: 150 } },
  )
  await asked(
    () => ({ pieces: ['a', 'b'], before: n => (n < 1 ? Promise.resolve() : never) }),
    async ask => assert.match((await failureOf(ask())).message, /no next word in/),
    { patience: { ...patience, between: 150 } },
  )
  const slowly = () => new Promise(resolve => setTimeout(resolve, 20))
  await asked(
    () => ({ pieces: Array(1000).fill('a'), before: slowly }),
    async ask => assert.match((await failureOf(ask())).message, /no whole answer in/),
    { patience: { ...patience, whole: 300 } },
  )
})

test('a reader that takes its time is not taken for a silent model', limit, async () => {
  const taken = Promise.withResolvers<void>()
  await asked(
    () => ({ pieces: ['a', 'b'], before: n => (n < 1 ? Promise.resolve() : taken.promise) }),
    async ask => {
      const seen: ModelEvent[] = []
      for await (const event of ask()) {
        seen.push(event)
        await new Promise(resolve => setTimeout(resolve, 250))
        taken.resolve()
      }
      assert.equal(seen.length, 3)
    },
    { patience: { between: 100 } },
  )
})

test('leaving early and the signal end the request', limit, async t => {
  let closed: Promise<unknown> = Promise.resolve()
  const server = await modelServer(() => ({ pieces: ['a', 'b'], before: n => (n < 1 ? Promise.resolve() : closed) }))
  const model = openModel({ kind: 'openai', url: server.url, model: 'm' }, { clock: systemClock('test'), env })
  const held = Promise.withResolvers<void>()
  closed = held.promise
  t.after(() => {
    held.resolve()
    model.close()
    return server.close()
  })
  for await (const event of model.stream(question)) {
    assert.deepEqual(event, { text: 'a' })
    break
  }
  await server.seen[0]?.over
  const cancel = new AbortController()
  const why = new Error('the user went on')
  await assert.rejects(async () => {
    for await (const _ of model.stream({ ...question, signal: cancel.signal })) cancel.abort(why)
  }, why)
  await assert.rejects(all(model.stream({ ...question, signal: cancel.signal })), why)
  await server.seen[1]?.over
  assert.equal(server.seen.length, 2)
})

test(
  'an answer that is cut, broken, refused half-way, withheld or endless is told from a whole one',
  limit,
  async () => {
    await asked(
      () => ({ pieces: ['half'], cut: true }),
      async ask => assert.match((await failureOf(ask())).message, /ended its answer before it was whole/),
    )
    const bodies = [
      ['data: {"choices": "none"}\n\n', /cannot be read: an event/],
      ['data: no json\n\n', /cannot be read: an event/],
      ['data: [DONE]\n\n', /cannot be read/],
      [`data: {"error":{"message":"${SECRET} is out of credit"}}\n\n`, /\(hidden\) is out of credit/],
    ] as const
    for (const [body, says] of bodies) {
      await asked(
        () => ({ pieces: ['half'], body }),
        async ask => assert.match((await failureOf(ask())).message, says),
      )
    }
    await asked(
      () => ({ pieces: [], body: ': nothing\n\n' }),
      async ask => assert.match((await failureOf(ask())).message, /cannot be read/),
      { kind: 'anthropic' },
    )
    await asked(
      () => ({ pieces: ['No.'], finish: 'content_filter' }),
      async ask => assert.deepEqual((await all(ask())).at(-1), { end: 'withheld', usage: { input: 7, output: 1 } }),
    )
    await asked(
      () => ({ pieces: Array(300).fill('x'.repeat(1024)) }),
      async ask => assert.match((await failureOf(ask())).message, /more than 262144 characters/),
    )
  },
)
