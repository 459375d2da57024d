import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { createMetrics, type SimClock, type Store, silentLog, simClock } from '../../kernel/index.ts'
import { type TestEngine, testEngines, testStore } from '../../kernel/store/engines.fixture.ts'
import { premiumLimits } from '../throttle/limits.ts'
import { Throttle } from '../throttle/throttle.ts'
import { Moved } from './moved.ts'
import { pruneServed, readServed, servedMigrations, servedWrites, writeServed } from './rows.ts'
import { createServedWriter, runServed } from './run.ts'
import { NOTHING } from './served.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const throttle = { ...premiumLimits, write: { registry: 3, identity: 0 } }

async function regionOf(t: TestContext, engine: TestEngine) {
  const clock = simClock('served')
  await clock.advance(5 * MINUTE - (clock.now() % (5 * MINUTE)))
  const store = await testStore(engine, { migrations: servedMigrations, writes: servedWrites, clock })
  t.after(() => store.close())
  const read = (hours: number, registryId = 'reg_a') => readServed(store.read, { registryId, hours, now: clock.now() })
  return { clock, store, read, start: (node = '0', from: Store = store) => nodeOf({ clock, store: from, node }) }
}

/** A process of a node: what it is asked, and what the data plane would count of it. */
function nodeOf({ clock, store, node }: { clock: SimClock; store: Store; node: string }) {
  const buckets = new Throttle({ metrics: createMetrics(), limits: () => throttle })
  const moved = new Moved()
  const write = createServedWriter({ throttle: buckets, moved, store, clock, node })
  return {
    write,
    moved,
    turn: () => buckets.turn(clock.monotonic()),
    ask(kind: 'read' | 'write' | 'referrers' | 'oauth', times: number, id = 'reg_a') {
      let refused = 0
      for (let i = 0; i < times; i++) {
        try {
          buckets.admit({ id, throttle }, 'user:a', kind, clock.monotonic())
        } catch {
          refused++
        }
      }
      return refused
    },
  }
}

for (const engine of testEngines()) {
  suite(`served, on ${engine.name}`, () => {
    test('each interval has what was served in it, of all classes, in and out', async t => {
      const { clock, read, start } = await regionOf(t, engine)
      const first = clock.now()
      const node = start()
      node.ask('read', 5)
      node.ask('oauth', 2)
      assert.equal(node.ask('write', 5), 2)
      Object.assign(node.moved.of('reg_a'), { pulls: 3, pushes: 1, bytesOut: 5_000_000_000, bytesIn: 70 })
      node.ask('read', 9, 'reg_b')
      await node.write()
      await clock.advance(MINUTE)
      node.turn()
      node.ask('referrers', 1)
      await clock.advance(4 * MINUTE)
      // What is written at the end of an interval belongs to it.
      await node.write()
      node.ask('read', 1)
      await node.write()
      const { step, points } = await read(1)
      assert.deepEqual([step, points.length, points.at(-1)?.from], [5 * MINUTE, 12, first + 5 * MINUTE])
      const [before, last] = points.slice(-2)
      assert.deepEqual(before, {
        from: first,
        requests: {
          read: { used: 6, refused: 0 },
          write: { used: 3, refused: 2 },
          delete: { used: 0, refused: 0 },
          referrers: { used: 1, refused: 0 },
          oauth: { used: 2, refused: 0 },
        },
        ...{ pulls: 3, pushes: 1, bytesOut: 5_000_000_000, bytesIn: 70 },
      })
      assert.equal(last?.requests.read.used, 1)
      for (const { from, ...none } of points.slice(0, -2)) assert.deepEqual(none, NOTHING, String(from))
      assert.equal((await read(1, 'reg_b')).points.at(-2)?.requests.read.used, 9)
    })

    test('written again it says the same; nodes add up, and one that starts again overwrites nothing', async t => {
      const { clock, store, read, start } = await regionOf(t, engine)
      const reads = async () => (await read(1)).points.at(-1)?.requests.read.used
      const [one, other] = [start('0'), start('1')]
      one.ask('read', 4)
      await one.write()
      await one.write()
      assert.equal(await reads(), 4)
      const row = { registryId: 'reg_a', from: clock.now(), process: 'x', served: { ...NOTHING, pulls: 2 } }
      for (let i = 0; i < 2; i++) await store.write(writeServed, [row])
      assert.equal((await read(1)).points.at(-1)?.pulls, 2)
      other.ask('read', 10)
      await other.write()
      one.ask('read', 1)
      await one.write()
      const again = start('0')
      again.ask('read', 100)
      await again.write()
      assert.equal(await reads(), 115)
    })

    test('nobody asks, nobody writes; what can not be written is written later', async t => {
      const { clock, store, read, start } = await regionOf(t, engine)
      let isAway = true
      let writes = 0
      const shaky: Store = {
        ...store,
        write: async (run, input) => {
          if (isAway) throw new Error('away')
          writes++
          return store.write(run, input)
        },
      }
      const node = start('0', shaky)
      node.ask('read', 3)
      await assert.rejects(node.write(), /away/)
      await clock.advance(7 * MINUTE)
      node.ask('read', 2)
      isAway = false
      await node.write()
      await node.write()
      await clock.advance(5 * MINUTE)
      await node.write()
      assert.equal(writes, 1)
      const used = (await read(1)).points.map(point => point.requests.read.used)
      assert.deepEqual(used.slice(-3), [5, 0, 0])
    })

    test('past a day the steps are hours; a week is kept, and older pages go', async t => {
      const { clock, store, read } = await regionOf(t, engine)
      await clock.advance(HOUR - (clock.now() % HOUR) + 59 * MINUTE)
      const now = clock.now()
      const hour = now - (now % HOUR)
      const at = (from: number, process = 'p') => ({
        ...{ registryId: 'reg_a', from, process },
        served: { ...NOTHING, pulls: 1 },
      })
      await store.write(writeServed, [at(hour), at(hour + 55 * MINUTE), at(hour - 5 * MINUTE), at(hour - 167 * HOUR)])
      await store.write(
        writeServed,
        Array.from({ length: 1100 }, (_, i) => at(hour - 8 * DAY, `p${i}`)),
      )
      for (const [hours, step, count] of [
        [1, 5 * MINUTE, 12],
        [24, 5 * MINUTE, 288],
        [25, HOUR, 25],
        [168, HOUR, 168],
      ] as const) {
        const { points, ...history } = await read(hours)
        assert.deepEqual([history.step, points.length], [step, count])
        points.forEach((point, i) => void assert.equal(point.from, now - (now % step) - (count - 1 - i) * step))
      }
      await pruneServed(store)
      const pulls = (await read(168)).points.map(point => point.pulls)
      assert.deepEqual([pulls.at(0), pulls.at(-2), pulls.at(-1)], [1, 1, 2], 'sums by the hour, the week whole')
      await clock.advance(7 * DAY)
      const left = await store.read.one<{ count: number }>({ text: 'select count(*) as count from served', values: [] })
      assert.equal(left?.count, 4)
    })
  })
}

test('a clock that goes back changes nothing that was written', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const { clock, read, store } = await regionOf(t, engine)
  let shift = 0
  const node = nodeOf({ clock: { ...clock, now: () => clock.now() + shift } as SimClock, store, node: '0' })
  node.ask('read', 3)
  await node.write()
  shift = 5 * MINUTE
  await node.write()
  node.ask('read', 10)
  await node.write()
  shift = 0
  node.ask('read', 20)
  await node.write()
  node.ask('read', 1)
  await node.write()
  await clock.advance(5 * MINUTE)
  const used = (await read(1)).points.map(point => point.requests.read.used)
  assert.deepEqual(used.slice(-2), [3, 31])
})

test('it is written each minute, and at the end of the process', async t => {
  const [engine] = testEngines()
  assert.ok(engine)
  const { clock, read, store } = await regionOf(t, engine)
  const moved = new Moved()
  const buckets = new Throttle({ metrics: createMetrics(), limits: () => throttle })
  const pulls = async () => (await read(1)).points.reduce((sum, point) => sum + point.pulls, 0)
  const end = new AbortController()
  const parts = { throttle: buckets, moved, store, clock, log: silentLog(), node: '0' }
  const running = runServed(parts, end.signal)
  const one = moved.of('reg_a')
  for (let minute = 1; minute <= 7; minute++) {
    one.pulls += 1
    await clock.advance(MINUTE)
    assert.equal(await pulls(), minute)
  }
  one.pulls += 1
  await clock.advance(MINUTE / 2)
  assert.equal(await pulls(), 7)
  end.abort()
  await running
  assert.deepEqual(
    (await read(1)).points.slice(-2).map(point => point.pulls),
    [5, 3],
  )
})
