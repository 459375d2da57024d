import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  createMetrics,
  createRandom,
  Failure,
  type Random,
  type SimClock,
  type Store,
  simClock,
} from '../../kernel/index.ts'
import { testEngines, testStore } from '../../kernel/store/engines.fixture.ts'
import { exchange, throttleWrites } from './exchange.ts'
import { premiumLimits } from './limits.ts'
import { createRebalance } from './rebalance.ts'
import { throttleMigrations } from './schema.ts'
import { Throttle } from './throttle.ts'

const STEP_MS = 100
const SECOND = 1000
const MINUTE = 60 * SECOND

type Node = { throttle: Throttle; round: () => Promise<void>; nextAt: number }

/** Nodes of one region under one clock; each makes its rounds about once a second, at a time of its own. */
function regionOf({
  store,
  clock,
  perMinute,
  random,
}: {
  store: Store
  clock: SimClock
  perMinute: number
  random: Random
}) {
  const limits = { ...premiumLimits, read: { registry: perMinute, identity: 0 } }
  const registry = { id: 'reg_a', throttle: limits }
  const nodes = new Map<string, Node>()
  return {
    nodes,
    async start(node: string) {
      const throttle = new Throttle({ metrics: createMetrics(), limits: () => limits })
      const round = createRebalance({ store, clock, throttle, node })
      // Before its first request, as a process does.
      await round()
      nodes.set(node, { throttle, round, nextAt: clock.monotonic() + SECOND })
    },
    ask(node: string, requests: number): number {
      const asked = nodes.get(node)
      let admitted = 0
      for (let i = 0; asked && i < requests; i++) {
        try {
          asked.throttle.admit(registry, 'user:a', 'read', clock.monotonic())
          admitted++
        } catch (error) {
          assert.ok(error instanceof Failure && error.status === 429)
          // So would all the others be.
          break
        }
      }
      return admitted
    },
    async pass() {
      await clock.advance(STEP_MS)
      for (const one of nodes.values()) {
        if (one.nextAt > clock.monotonic()) continue
        one.nextAt = clock.monotonic() + SECOND + random.int(3 * STEP_MS)
        await one.round()
      }
    },
  }
}

type Drawn = { engine?: ReturnType<typeof testEngines>[number]; seed?: string; perMinute: number }

async function draw(t: TestContext, { engine = testEngines()[0], seed = 'throttle', perMinute }: Drawn) {
  assert.ok(engine)
  const clock = simClock(seed)
  const store = await testStore(engine, { migrations: throttleMigrations, writes: throttleWrites, clock })
  t.after(() => store.close())
  const random = createRandom(seed)
  return { clock, store, random, region: regionOf({ store, clock, perMinute, random }) }
}

/** How far what was let through is over a bucket's own: `perMinute` at once, and as much again each minute, in any stretch of time. */
function createMeter(clock: SimClock, perMinute: number) {
  let admitted = 0
  let allowed = 0
  let least = 0
  let worst = 0
  const excess = () => admitted - (perMinute * clock.monotonic()) / MINUTE - allowed
  return {
    /** A node that starts brings a part of its own. */
    allow: (more: number) => {
      allowed += more
    },
    add(more: number) {
      least = Math.min(least, excess())
      admitted += more
      worst = Math.max(worst, excess() - least - perMinute)
    },
    worst: () => worst,
    admitted: () => admitted,
  }
}

test('in any stretch of time nodes let through what one bucket would, a request a node more, and a part for each that starts', async t => {
  for (let run = 0; run < 40; run++) {
    const seed = `overshoot ${run}`
    const perMinute = [1, 7, 60, 600, 20_000][run % 5] ?? 1
    const { clock, region, random } = await draw(t, { seed, perMinute })
    const names = ['0', '1', '2', '3'].slice(0, 2 + random.int(3))
    const meter = createMeter(clock, perMinute)
    for (const name of names) await region.start(name)
    for (let at = 0; at < 2 * SECOND; at += STEP_MS) await region.pass()
    let favourite = random.pick(names)
    for (let at = 0; at < 4 * MINUTE; at += STEP_MS) {
      if (random.chance(0.01)) favourite = random.pick(names)
      if (random.chance(0.002)) region.nodes.delete(random.pick(names))
      if (random.chance(0.004)) {
        const name = random.pick(names)
        if (!region.nodes.has(name)) {
          await region.start(name)
          // What it has, and what the others go on taking in until they see it.
          meter.allow(perMinute / region.nodes.size + 1 + perMinute / 30)
        }
      }
      const name = random.chance(0.6) ? favourite : random.pick(names)
      meter.add(region.ask(name, random.int(1 + (random.chance(0.1) ? perMinute : perMinute / 100))))
      await region.pass()
    }
    assert.ok(meter.worst() <= names.length, `${seed}: ${meter.worst()} over ${perMinute} with ${names.length} nodes`)
  }
})

for (const engine of testEngines()) {
  test(`a caller whose requests all reach one node of three has nearly all of the limit there, on ${engine.name}`, async t => {
    const perMinute = 600
    const { clock, region } = await draw(t, { engine, perMinute })
    for (const name of ['0', '1', '2']) await region.start(name)
    for (let at = 0; at < 2 * SECOND; at += STEP_MS) await region.pass()
    const meter = createMeter(clock, perMinute)
    const asking = async (ms: number) => {
      for (let at = 0; at < ms; at += STEP_MS) {
        meter.add(region.ask('1', 5))
        await region.pass()
      }
      return meter.admitted()
    }
    const first = await asking(MINUTE)
    const later = (await asking(3 * MINUTE)) - first
    assert.ok(later >= 0.97 * 3 * perMinute, `${later} of ${3 * perMinute} in three minutes`)
    assert.ok(meter.worst() <= 3, `${meter.worst()} more than the limit`)
  })

  test(`what a node had that died is the others’ within 16 s, on ${engine.name}`, async t => {
    const perMinute = 600
    const { region } = await draw(t, { engine, perMinute })
    for (const name of ['0', '1']) await region.start(name)
    const during = async (ms: number) => {
      let admitted = 0
      for (let at = 0; at < ms; at += STEP_MS) {
        for (const name of ['0', '1']) admitted += region.ask(name, 10)
        await region.pass()
      }
      return admitted
    }
    await during(MINUTE)
    region.nodes.delete('1')
    const without = await during(10 * SECOND)
    assert.ok(without < 0.65 * (perMinute / 6), `${without}: its part is nobody’s while it may be alive`)
    await during(6 * SECOND)
    const after = await during(20 * SECOND)
    assert.ok(after >= 0.97 * (perMinute / 3), `${after} of ${perMinute / 3}`)
  })

  test(`an exchange whose answer was lost gives nothing twice, on ${engine.name}`, async t => {
    const { store } = await draw(t, { engine, perMinute: 600 })
    const bucket = { registryId: 'reg_a', kind: 'read', identity: 'user:a' } as const
    const tokens = (amount: number) => ({ ...bucket, tokens: amount })
    await store.write(exchange, { node: '0', id: 'a', asks: [tokens(100)], offers: [] })
    const offer = { node: '1', id: 'b', asks: [], offers: [{ ...tokens(40), node: '0' }] }
    assert.deepEqual(await store.write(exchange, offer), { gifts: [], taken: [40] })
    assert.deepEqual(await store.write(exchange, offer), { gifts: [], taken: [40] })
    const more = { node: '1', id: 'c', asks: [], offers: [{ ...tokens(90), node: '0' }] }
    assert.deepEqual(await store.write(exchange, more), { gifts: [], taken: [60] }, 'no more than is asked for')
    const fetch = { node: '0', id: 'd', asks: [tokens(120)], offers: [] }
    assert.deepEqual(await store.write(exchange, fetch), { gifts: [tokens(100)], taken: [] })
    assert.deepEqual(await store.write(exchange, fetch), { gifts: [], taken: [] })
    const last = { node: '1', id: 'e', asks: [], offers: [{ ...tokens(90), node: '0' }] }
    assert.deepEqual(await store.write(exchange, last), { gifts: [], taken: [20] }, 'less what it had fetched')
  })
}
