import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { takeLease } from '../../kernel/index.ts'
import { type TestEngine, testEngines } from '../../kernel/store/engines.fixture.ts'
import { cursorOf, type DueLane, dueHooks, dueLanes, heldHooks, nextDelivery, readDeliveries } from './deliveries.ts'
import { KEPT, MOST_PENDING, type NewDelivery, webhookQueue } from './queue.ts'
import type { Outcome } from './send.ts'
import { openWebhooks, REGION } from './webhooks.fixture.ts'

for (const engine of testEngines()) describe(`webhook queue: ${engine.name}`, () => suite(engine))

const HOOK = { registryId: 'reg_1', hookId: 'whk_a' }
const row = (repository: string, eventId: string, hookId = HOOK.hookId): NewDelivery => ({
  ...{ ...HOOK, hookId, repository, eventId, action: 'push', image: `${repository}:v1` },
  ...{ contentType: 'application/json', body: `{"id":"${eventId}"}` },
})
const texts = { requestHeaders: '{"a":"b"}', responseHeaders: '{}', responseBody: 'said' }
const good: Outcome = { ...texts, delivered: true, status: 200, error: '' }
const bad: Outcome = { ...texts, delivered: false, status: 500, error: 'The receiver answered 500' }

async function opened(engine: TestEngine) {
  const { store, clock, lease } = await openWebhooks(engine)
  await store.write(webhookQueue.beginAt, { region: REGION, sequence: 5 })
  let at = 5
  const enqueue = async (rows: readonly NewDelivery[]) => {
    await store.write(webhookQueue.enqueue, { region: REGION, lease, from: at, to: at + 1, rows })
    at++
  }
  const settle = (repository: string, number: number, outcome: Outcome, retryAt: number) =>
    store.write(webhookQueue.settle, { ...HOOK, lease, repository, number, outcome, retryAt })
  const due = () => dueLanes(store.read, HOOK, clock.now(), 10)
  const next = async (repository: string) =>
    (await nextDelivery(store.read, { ...HOOK, repository, failures: 0 } satisfies DueLane))?.eventId
  const log = () => readDeliveries(store.read, { ...HOOK, limit: 100 })
  return { store, clock, lease, enqueue, settle, due, next, log }
}

function suite(engine: TestEngine): void {
  test('of a repository the oldest is next, another repository does not wait for it', async () => {
    const { store, clock, enqueue, settle, due, next } = await opened(engine)
    await enqueue([row('a', '1'), row('b', '2'), row('a', '3'), row('a', '4', 'whk_b')])
    assert.deepEqual(
      (await due()).map(lane => lane.repository),
      ['a', 'b'],
    )
    await settle('a', 1, bad, clock.now() + 1000)
    assert.deepEqual(
      (await due()).map(lane => lane.repository),
      ['b'],
    )
    assert.equal(await next('a'), '1')
    assert.equal((await dueHooks(store.read, clock.now())).length, 2)
    clock.forward(1000)
    assert.deepEqual(
      (await due()).map(lane => [lane.repository, lane.failures]),
      [
        ['b', 0],
        ['a', 1],
      ],
    )
    await settle('a', 1, good, 0)
    assert.equal(await next('a'), '3')
    assert.deepEqual((await due()).find(lane => lane.repository === 'a')?.failures, 0)
    await settle('b', 2, good, 0)
    assert.deepEqual(
      (await due()).map(lane => lane.repository),
      ['a'],
      'a lane goes with its last',
    )
    await store.close()
  })

  test('a page counts once, and who has lost the lease changes nothing', async () => {
    const { store, clock, lease, log, settle } = await opened(engine)
    const page = { region: REGION, lease, from: 5, to: 9, rows: [row('a', '1')] }
    await store.write(webhookQueue.enqueue, page)
    await store.write(webhookQueue.enqueue, page)
    assert.equal((await log()).length, 1)
    assert.equal(await cursorOf(store.read, REGION), 9)
    clock.forward(3_600_000)
    await store.write(takeLease, { name: lease.name, holder: 'other', ms: 1000 })
    await assert.rejects(settle('a', 1, good, 0), { code: 'LEASE_LOST' })
    await assert.rejects(store.write(webhookQueue.enqueue, { ...page, from: 9, to: 10 }), { code: 'LEASE_LOST' })
    assert.equal((await log())[0]?.state, 'pending')
    await store.close()
  })

  test('what was tried long enough is dead, is seen, and the next goes on', async () => {
    const { store, enqueue, settle, next, log } = await opened(engine)
    await enqueue([row('a', '1'), row('a', '2')])
    await settle('a', 1, bad, 0)
    assert.equal(await next('a'), '2')
    const dead = await readDeliveries(store.read, { ...HOOK, state: 'dead', limit: 10 })
    assert.deepEqual(
      dead.map(one => [one.number, one.status, one.error, one.attempts]),
      [[1, 500, bad.error, 1]],
    )
    assert.deepEqual(dead[0]?.requestHeaders, { a: 'b' })
    assert.deepEqual(
      (await log()).map(one => one.number),
      [2, 1],
    )
    await store.close()
  })

  test('redelivered it has its id and goes behind what waits; a second end of it is none', async () => {
    const { store, clock, enqueue, settle, next, log } = await opened(engine)
    await enqueue([row('a', '1'), row('a', '2')])
    await settle('a', 1, good, 0)
    await settle('a', 2, bad, clock.now() + 60_000)
    const again = await store.write(webhookQueue.redeliver, { ...HOOK, region: REGION, number: 1 })
    assert.deepEqual(again, { number: 3, eventId: '1' })
    assert.equal(await next('a'), '2')
    assert.equal((await dueHooks(store.read, clock.now())).length, 1, 'what waited is tried now')
    await settle('a', 1, bad, 0)
    assert.equal((await log()).find(one => one.number === 1)?.state, 'delivered')
    assert.equal((await log()).find(one => one.number === 3)?.redeliveryOf, 1)
    const unknown = store.write(webhookQueue.redeliver, { ...HOOK, region: REGION, number: 99 })
    await assert.rejects(unknown, { code: 'WEBHOOK_EVENT_UNKNOWN', status: 404 })
    await store.close()
  })

  test('queue and log have bounds: what comes beyond is a dead letter, the oldest of what is done goes', async () => {
    const { store, enqueue, log } = await opened(engine)
    const many = (count: number, from: number) => Array.from({ length: count }, (_, i) => row('a', String(from + i)))
    for (let i = 0; i < MOST_PENDING; i += 2000) await enqueue(many(2000, i))
    await enqueue(many(KEPT + 3, MOST_PENDING))
    const [newest] = await log()
    assert.deepEqual([newest?.state, newest?.error.slice(0, 18)], ['dead', 'WEBHOOK_QUEUE_FULL'])
    await store.write(webhookQueue.trim, HOOK)
    const dead = await store.read.one<{ count: number; first: number }>({
      text: `select count(*) as count, min(number) as first from webhook_delivery where state = 'dead'`,
      values: [],
    })
    assert.deepEqual({ ...dead }, { count: KEPT, first: MOST_PENDING + 4 })
    await store.write(webhookQueue.forgetHook, HOOK)
    assert.deepEqual(await heldHooks(store.read), [])
    await store.close()
  })

  test('a region that has no hook yet says so', async () => {
    const { store } = await openWebhooks(engine)
    const adding = store.write(webhookQueue.add, { region: REGION, row: row('', 'ping') })
    await assert.rejects(adding, { code: 'WEBHOOK_NOT_HEARD', status: 503 })
    await store.close()
  })
}
