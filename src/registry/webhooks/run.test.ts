import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  appendFeed,
  createMetrics,
  dropLease,
  HostResting,
  HostUnreachable,
  type HttpAnswer,
  type HttpAsk,
  type HttpClient,
  lastCursor,
  newIncarnation,
  sequenceOnce,
  silentLog,
  takeLease,
  write,
} from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { cursorOf, heldHooks, readDeliveries } from './deliveries.ts'
import { pingWebhook } from './ping.ts'
import { runWebhooks } from './run.ts'
import type { ServedWebhook } from './webhook.ts'
import { hookNamed, openWebhooks, REGION } from './webhooks.fixture.ts'

for (const engine of testEngines()) describe(`webhooks at work: ${engine.name}`, () => suite(engine))

type Push = { repository: string; tags: readonly string[] }

/** As a push writes it, and numbered at once. */
const push = write('test.push', async (tx, { repository, tags }: Push) => {
  for (const tag of tags) {
    const body = { repository, tag, digest: 'sha256:d', size: 1, mediaType: 'type' }
    await appendFeed(tx, { region: REGION, kind: 'tag.put', registryId: 'reg_1', body })
  }
})

type Answer = { status: number; body?: string } | Error

async function working(engine: TestEngine) {
  const parts = await openWebhooks(engine, [push])
  const { store, clock } = parts
  await store.write(dropLease, parts.lease)
  const feed = await store.write(takeLease, { name: 'feed', holder: 'test', ms: 1e12 })
  if (!feed) throw new Error('The lease is taken')
  let hooks: ServedWebhook[] = [hookNamed('whk_a')]
  /** What was taken, as `<host> repo:tag`; and when each attempt was made. */
  const taken: string[] = []
  const attempts: { host: string; image: string; at: number }[] = []
  let answer: (host: string, image: string, ask: HttpAsk) => Answer | Promise<Answer> = () => ({ status: 200 })
  const http: HttpClient = {
    close: () => {},
    async request(ask) {
      const { host } = new URL(String(ask.url))
      const { target, action } = JSON.parse(String(ask.body)) as { action: string; target?: Record<string, string> }
      const image = target ? `${target.repository}:${target.tag}` : action
      attempts.push({ host, image, at: clock.now() })
      const given = await answer(host, image, ask)
      if (given instanceof Error) throw given
      if (given.status < 300) taken.push(`${host} ${image}`)
      async function* body() {
        yield Buffer.from(given instanceof Error ? '' : (given.body ?? ''))
      }
      return { status: given.status, headers: {}, body: body() } as unknown as HttpAnswer
    },
  }
  const open = async (sealed: string) =>
    JSON.stringify({ serviceUri: `https://${sealed}/`, headers: {}, key: 'whsec_AAAA' })
  const metrics = createMetrics()
  const stops: AbortController[] = []
  const start = (holder: string) => {
    const stop = new AbortController()
    stops.push(stop)
    const run = { store, clock, log: silentLog(), metrics, http, open, hooks: () => hooks, region: REGION, holder }
    return { stop, ended: runWebhooks(run, stop.signal) }
  }
  const until = async (what: () => boolean | Promise<boolean>) => {
    for (let i = 0; i < 3000; i++) {
      if (await what()) return
      await clock.sleep(100)
    }
    assert.fail(`It did not come to that: ${taken.join(', ')}`)
  }
  return {
    ...{ ...parts, taken, attempts, start, until, metrics },
    hook: (...all: ServedWebhook[]) => {
      hooks = all
    },
    answers: (how: typeof answer) => {
      answer = how
    },
    heard: () => until(async () => (await cursorOf(store.read, REGION)) !== undefined),
    async pushed(repository: string, ...tags: string[]) {
      await store.write(push, { repository, tags })
      while ((await sequenceOnce(store, REGION, feed)) > 0);
    },
    log: (hookId = 'whk_a') => readDeliveries(store.read, { registryId: 'reg_1', hookId, limit: 100 }),
    async end() {
      for (const stop of stops) stop.abort()
      await clock.sleep(5_000)
      await store.close()
    },
  }
}

function suite(engine: TestEngine): void {
  test('what fails is tried again after growing pauses, in order; other repositories and hooks do not wait', async () => {
    const world = await working(engine)
    world.hook(hookNamed('whk_a', { sealed: 'bad' }), hookNamed('whk_b', { sealed: 'good' }))
    let failing = true
    world.answers((host, image) => ({ status: failing && host === 'bad' && image.startsWith('a:') ? 500 : 200 }))
    const { ended, stop } = world.start('one')
    await world.heard()
    await world.pushed('a', '1', '2', '3')
    await world.pushed('b', '1')
    const first = () => world.attempts.filter(one => one.host === 'bad' && one.image === 'a:1')
    await world.until(() => first().length >= 6)
    assert.deepEqual(world.taken.toSorted(), ['bad b:1', 'good a:1', 'good a:2', 'good a:3', 'good b:1'])
    const times = first().map(one => one.at)
    const pauses = times.slice(1).map((at, i) => at - (times[i] ?? 0))
    for (const [i, pause] of pauses.entries()) {
      assert.ok(pause >= 750 * 2 ** i && pause <= 1000 * 2 ** i + 1300, `${pauses}`)
    }
    failing = false
    await world.until(() => world.taken.length === 8)
    assert.deepEqual(
      world.taken.filter(one => one.startsWith('bad a')),
      ['bad a:1', 'bad a:2', 'bad a:3'],
    )
    const log = await world.log()
    assert.deepEqual(
      log.map(one => [one.state, one.status]),
      Array.from({ length: 4 }, () => ['delivered', 200]),
    )
    assert.equal(log.at(-1)?.attempts, times.length + 1)
    stop.abort()
    await ended
    await world.end()
  })

  test('after a day an event is a dead letter, and the next one’s turn has come', async () => {
    const world = await working(engine)
    world.answers(() => HostUnreachable('hooks.example', 'ECONNREFUSED'))
    world.start('one')
    await world.heard()
    await world.pushed('a', '1')
    await world.until(() => world.attempts.length === 1)
    world.clock.forward(24 * 3_600_000)
    await world.pushed('a', '2')
    await world.until(async () => (await world.log()).some(one => one.state === 'dead'))
    world.answers(() => ({ status: 204 }))
    await world.until(() => world.taken.length === 1)
    const [second, first] = await world.log()
    assert.deepEqual([first?.image, first?.state, second?.image], ['a:1', 'dead', 'a:2'])
    assert.match(first?.error ?? '', /^HOST_UNREACHABLE/)
    assert.match(world.metrics.text(), /towpath_webhook_attempts_total\{outcome="dead"\} 1/)
    await world.end()
  })

  test('a host that rests is waited for, and that counts for nothing', async () => {
    const world = await working(engine)
    let rests = 3
    world.answers(() => (rests-- > 0 ? HostResting('hooks.example', 30_000) : { status: 200 }))
    world.start('one')
    await world.heard()
    await world.pushed('a', '1')
    await world.until(() => world.taken.length === 1)
    assert.ok((world.attempts.at(-1)?.at ?? 0) - (world.attempts[0]?.at ?? 0) >= 90_000)
    await world.until(async () => (await world.log())[0]?.attempts === 1)
    await world.end()
  })

  test('a hook that hangs keeps 4 requests at most, and nobody waits for it', async () => {
    const world = await working(engine)
    world.hook(hookNamed('whk_a', { sealed: 'hangs' }), hookNamed('whk_b', { sealed: 'good' }))
    let hanging = 0
    world.answers((host, _image, { signal }) => {
      if (host === 'good') return { status: 200 }
      hanging++
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    })
    const { stop, ended } = world.start('one')
    await world.heard()
    for (let i = 0; i < 9; i++) await world.pushed(`r${i}`, '1')
    await world.until(() => world.taken.length === 9)
    assert.equal(hanging, 4)
    stop.abort()
    await ended
    assert.ok((await world.log()).every(one => one.state === 'pending' && one.attempts === 0))
    await world.end()
  })

  test('of two processes one works; when it is gone the other goes on where it was', async () => {
    const world = await working(engine)
    const [one] = [world.start('one'), world.start('two')]
    await world.heard()
    for (let i = 0; i < 6; i++) {
      if (i === 3) one.stop.abort()
      await world.pushed('a', `${i}`)
      await world.clock.sleep(700)
    }
    await world.until(() => world.taken.length === 6)
    assert.deepEqual(
      world.taken,
      [0, 1, 2, 3, 4, 5].map(i => `sealed a:${i}`),
    )
    await world.end()
  })

  test('a restored region goes on with what its copy had not sent', async () => {
    const world = await working(engine)
    const { stop, ended } = world.start('one')
    await world.heard()
    stop.abort()
    await ended
    await world.pushed('a', '1')
    const incarnation = await world.store.write(newIncarnation, REGION)
    assert.equal((await lastCursor(world.store, REGION)).incarnation, incarnation)
    world.start('two')
    await world.until(() => world.taken.length === 1)
    await world.end()
  })

  test('a disabled hook sends nothing and hears nothing; one that is deleted leaves nothing behind', async () => {
    const world = await working(engine)
    world.answers(() => ({ status: 500 }))
    world.start('one')
    await world.heard()
    await world.pushed('a', '1')
    await world.until(() => world.attempts.length === 1)
    world.hook(hookNamed('whk_a', { enabled: false }))
    await world.clock.sleep(2_000)
    const before = world.attempts.length
    await world.pushed('a', '2')
    await world.clock.sleep(30_000)
    assert.equal(world.attempts.length, before)
    assert.equal((await world.log()).length, 1)
    const disabled = pingWebhook({ ...world, region: REGION }, hookNamed('whk_a', { enabled: false }))
    await assert.rejects(disabled, { code: 'WEBHOOK_DISABLED', status: 409 })
    world.hook()
    await world.until(async () => (await cursorOf(world.store.read, REGION)) === undefined)
    assert.deepEqual(await heldHooks(world.store.read), [])
    await world.end()
  })
}
