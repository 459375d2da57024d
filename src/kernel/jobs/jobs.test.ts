import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../failure.ts'
import { type TestEngine, testEngines } from '../store/engines.fixture.ts'
import { sql } from '../store/sql.ts'
import { write } from '../store/types.ts'
import { storeInVirtualTime } from '../store/virtual-time.fixture.ts'
import { addJob, createJobs, type JobAttempt, JobHopeless, jobMigrations, jobWrites, type NewJob } from './index.ts'
import { claimJobs } from './writes.ts'

const add = write('test.add', (tx, job: NewJob) => addJob(tx, job))

for (const engine of testEngines()) describe(`jobs: ${engine.name}`, () => suite(engine))

async function setUp(engine: TestEngine) {
  const { clock, store } = await storeInVirtualTime(engine, {
    migrations: jobMigrations,
    writes: [...jobWrites, add, steal],
  })
  const stop = new AbortController()
  const workers: Promise<void>[] = []
  const told: string[] = []
  const log = {
    warn: (_: object, says: string) => told.push(says),
    error: (_: object, says: string) => told.push(says),
  }
  const jobs = (owner: string) => createJobs({ store, clock, owner, log, leaseMs: 30_000 })
  return {
    clock,
    store,
    told,
    log,
    jobs,
    add: (job: NewJob) => store.write(add, job),
    start: (of: ReturnType<typeof jobs>) => workers.push(of.run(stop.signal)),
    left: async () => (await store.read.one<{ n: number }>(sql`select count(*) as n from job`))?.n,
    end: async () => {
      stop.abort()
      await Promise.all(workers)
      await store.close()
    },
  }
}

/** Lets time run until it is so. */
async function until(clock: { sleep(ms: number): Promise<void> }, so: () => unknown): Promise<void> {
  while (!(await so())) await clock.sleep(100)
}

function suite(engine: TestEngine): void {
  test('a job runs once with its input and is gone', async () => {
    const { add, clock, end, jobs, left, start } = await setUp(engine)
    const seen: Pick<JobAttempt, 'key' | 'input' | 'attempt'>[] = []
    const one = jobs('a')
    one.handle('test.work', async ({ key, input, attempt }) => {
      seen.push({ key, input, attempt })
    })
    await add({ kind: 'test.work', key: 'k', input: { list: [1, 'zwei'] } })
    start(one)
    await until(clock, async () => (await left()) === 0)
    assert.deepEqual(seen, [{ key: 'k', input: { list: [1, 'zwei'] }, attempt: 1 }])
    await end()
  })

  test('several processes share the work, none does what another has', async () => {
    const { add, clock, end, jobs, left, start } = await setUp(engine)
    const seen: string[] = []
    for (let i = 0; i < 40; i++) await add({ kind: 'test.work', key: `k${i}`, input: null })
    for (const owner of ['a', 'b', 'c']) {
      const worker = jobs(owner)
      worker.handle('test.work', async ({ key }) => {
        seen.push(key)
      })
      start(worker)
    }
    await until(clock, async () => (await left()) === 0)
    assert.equal(new Set(seen).size, 40)
    assert.equal(seen.length, 40)
    await end()
  })

  test('one of a kind and key waits at a time: newest input, earliest time', async () => {
    const { add, clock, end, jobs } = await setUp(engine)
    const soon = clock.now() + 1000
    await add({ kind: 'test.work', key: 'k', input: 1, notBefore: soon + 5000 })
    await add({ kind: 'test.work', key: 'k', input: 2, notBefore: soon })
    await add({ kind: 'test.work', key: 'k', input: 3, notBefore: soon + 9000 })
    const [row, ...more] = await jobs('a').list({ limit: 10 })
    assert.equal(more.length, 0)
    assert.equal(row?.dueAt, soon)
    await end()
  })

  test('added again while it runs, it runs once more with the new input', async () => {
    const { add, clock, end, jobs, left, start } = await setUp(engine)
    const seen: unknown[] = []
    const one = jobs('a')
    one.handle('test.work', async ({ input }) => {
      seen.push(input)
      if (seen.length === 1) await add({ kind: 'test.work', key: 'k', input: 'second' })
    })
    await add({ kind: 'test.work', key: 'k', input: 'first' })
    start(one)
    await until(clock, async () => (await left()) === 0)
    assert.deepEqual(seen, ['first', 'second'])
    await end()
  })

  test('it waits for its time', async () => {
    const { add, clock, end, jobs, left, start } = await setUp(engine)
    const notBefore = clock.now() + 60_000
    let ranAt = 0
    const one = jobs('a')
    one.handle('test.work', async () => {
      ranAt = clock.now()
    })
    await add({ kind: 'test.work', key: 'k', input: null, notBefore })
    start(one)
    await until(clock, async () => (await left()) === 0)
    assert(ranAt >= notBefore, `${ranAt} is before ${notBefore}`)
    await end()
  })

  test('a failing job is tried with growing pauses, then is dead with its last error, and can be retried', async () => {
    const { add, clock, end, jobs, left, start } = await setUp(engine)
    const ran: number[] = []
    let broken = true
    const one = jobs('a')
    const policy = { attempts: 4, backoffMs: 10_000, maxBackoffMs: 25_000 }
    one.handle(
      'test.work',
      async ({ attempt }) => {
        ran.push(clock.now())
        if (broken) throw new Error(`attempt ${attempt}`)
      },
      policy,
    )
    await add({ kind: 'test.work', key: 'k', input: null })
    start(one)
    await until(clock, async () => (await one.list({ state: 'dead', limit: 1 })).length > 0)
    const [dead] = await one.list({ state: 'dead', limit: 10 })
    assert.equal(dead?.attempts, 4)
    assert.match(dead?.lastError ?? '', /attempt 4/)
    const pauses = ran.slice(1).map((at, i) => at - (ran[i] ?? 0))
    assert(pauses.length === 3 && (pauses[0] ?? 0) >= 7500 && (pauses[1] ?? 0) >= 15_000 && (pauses[2] ?? 0) >= 18_750)
    broken = false
    await one.retry(dead?.id ?? '')
    await until(clock, async () => (await left()) === 0)
    assert.equal(ran.length, 5)
    await assert.rejects(one.retry(dead?.id ?? ''), { code: 'JOB_UNKNOWN', status: 404 })
    await end()
  })

  test('a hopeless job is dead at once, and comes back when it is added again', async () => {
    const { add, clock, end, jobs, left, start } = await setUp(engine)
    let ran = 0
    const one = jobs('a')
    one.handle('test.work', async () => {
      if (++ran === 1) throw JobHopeless('The bucket does not exist')
    })
    await add({ kind: 'test.work', key: 'k', input: null })
    start(one)
    await until(clock, async () => (await one.list({ state: 'dead', limit: 1 })).length > 0)
    assert.equal(ran, 1)
    await add({ kind: 'test.work', key: 'k', input: null })
    await until(clock, async () => (await left()) === 0)
    assert.equal(ran, 2)
    await end()
  })

  test('a job of a process that died is taken over; one that kills every process dies', async () => {
    const { add, clock, end, jobs, left, start, store } = await setUp(engine)
    await add({ kind: 'test.work', key: 'k', input: null })
    const claim = async (owner: string) => {
      const rows = await store.read.all<{ id: string }>(sql`select id from job`)
      const ids = rows.map(row => row.id)
      return store.write(claimJobs, { owner, ids, attempts: { 'test.work': 2 }, leaseMs: 1000 })
    }
    const [first] = await claim('gone')
    assert.deepEqual(await claim('b'), [])
    clock.forward(1000)
    const [second] = await claim('also gone')
    assert(first && second && second.fence > first.fence)
    clock.forward(1000)
    assert.deepEqual(await claim('c'), [])
    const [dead] = await jobs('d').list({ state: 'dead', limit: 1 })
    assert.match(dead?.lastError ?? '', /process died/)
    const worker = jobs('e')
    worker.handle('test.work', async () => {})
    await worker.retry(dead?.id ?? '')
    start(worker)
    await until(clock, async () => (await left()) === 0)
    await end()
  })

  test('a process takes back at once what one of its name left when it died', async () => {
    const { add, clock, end, jobs, left, start, store } = await setUp(engine)
    await add({ kind: 'test.work', key: 'k', input: null })
    const [row] = await jobs('x').list({ limit: 1 })
    const claim = { ids: [row?.id ?? ''], attempts: { 'test.work': 20 }, leaseMs: 30_000 }
    await store.write(claimJobs, { ...claim, owner: 'a' })
    const died = clock.now()
    const fences: number[] = []
    for (const name of ['b', 'a']) {
      const one = jobs(name)
      one.handle('test.work', async ({ fence }) => void fences.push(fence))
      start(one)
      if (name === 'b') await clock.sleep(5_000)
    }
    await until(clock, async () => (await left()) === 0)
    assert.deepEqual(fences, [2])
    assert(clock.now() - died < 10_000, 'it did not wait for the lease of the dead')
    await end()
  })

  test('who refuses and says how long to be left alone is left alone so long', async () => {
    const { add, clock, end, jobs, left, start } = await setUp(engine)
    const ran: number[] = []
    const one = jobs('a')
    const busy = new Failure('BUSY', 429, { says: 'Busy', next: 'Wait', detail: { retryAfterMs: 120_000 } })
    one.handle('test.work', async () => {
      ran.push(clock.now())
      if (ran.length === 1) throw busy
    })
    await add({ kind: 'test.work', key: 'k', input: null })
    start(one)
    await until(clock, async () => (await left()) === 0)
    assert((ran[1] ?? 0) - (ran[0] ?? 0) >= 120_000)
    await end()
  })

  test('a long job keeps its lease; one that lost it is told and changes nothing', async () => {
    const { add, clock, end, jobs, left, start, store, told } = await setUp(engine)
    const one = jobs('a')
    let lost = false
    let attempts = 0
    one.handle('test.work', async ({ signal, attempt }) => {
      attempts++
      if (attempt > 1) return
      const from = clock.now()
      await until(clock, () => clock.now() - from > 100_000)
      assert.equal(signal.aborted, false)
      // As if the process had hung past its lease and another had claimed the job.
      await store.write(steal, null)
      await until(clock, () => signal.aborted)
      lost = true
      throw new Error('too late to matter')
    })
    await add({ kind: 'test.work', key: 'k', input: null })
    start(one)
    await until(clock, () => lost)
    await until(clock, async () => (await left()) === 0)
    assert.equal(attempts, 2)
    assert.deepEqual(told, [])
    await end()
  })

  test('a store that takes nothing for a moment costs a job that moment, not its lease', async () => {
    const { clock, end, log, start, store } = await setUp(engine)
    const full = new Failure('FULL', 507, { says: 'Full', next: 'Make room', detail: {} })
    let fullUntil = 0
    const write: typeof store.write = async (what, input) => {
      if (clock.now() < fullUntil) throw full
      return store.write(what, input)
    }
    const one = createJobs({ store: { ...store, write }, clock, owner: 'a', log, leaseMs: 30_000 })
    const ran: number[] = []
    one.repeat('test.sweep', 1_000, async () => {
      ran.push(clock.now())
      if (ran.length === 1) fullUntil = clock.now() + 3_000
    })
    start(one)
    await until(clock, () => ran.length >= 2)
    // First, or a failure would leave the worker running for ever.
    await end()
    assert((ran[1] ?? 0) - (ran[0] ?? 0) < 6_000, `it came back after ${(ran[1] ?? 0) - (ran[0] ?? 0)} ms`)
  })

  test('the end of the process stops a job and gives it back uncounted', async () => {
    const { add, clock, end, jobs } = await setUp(engine)
    const stop = new AbortController()
    const one = jobs('a')
    let running = false
    one.handle('test.work', async ({ signal }) => {
      running = true
      await until(clock, () => signal.aborted)
      signal.throwIfAborted()
    })
    await add({ kind: 'test.work', key: 'k', input: null })
    const ended = one.run(stop.signal)
    await until(clock, () => running)
    stop.abort()
    await ended
    const [row] = await one.list({ state: 'pending', limit: 1 })
    assert.equal(row?.attempts, 0)
    await end()
  })

  test('a repeated job comes back, once among all processes, and outlives its failures', async () => {
    const { clock, end, jobs, start } = await setUp(engine)
    const ran: number[] = []
    for (const owner of ['a', 'b']) {
      const worker = jobs(owner)
      worker.repeat('test.sweep', 60_000, async () => {
        ran.push(clock.now())
        if (ran.length === 2) throw new Error('once')
      })
      start(worker)
    }
    await until(clock, () => ran.length >= 5)
    await end()
    const pauses = ran.slice(1).map((at, i) => at - (ran[i] ?? 0))
    for (const i of [0, 2, 3]) assert((pauses[i] ?? 0) >= 45_000, `pause ${i} of ${pauses}`)
    assert((pauses[1] ?? 0) < 45_000, `the failed run is tried soon: ${pauses}`)
  })

  test('dead jobs are listed in pages', async () => {
    const { add, end, jobs } = await setUp(engine)
    for (let i = 0; i < 5; i++) await add({ kind: 'test.work', key: `k${i}`, input: null })
    const one = jobs('a')
    const first = await one.list({ limit: 3 })
    const rest = await one.list({ limit: 3, after: first.at(-1)?.id ?? '' })
    assert.equal(new Set([...first, ...rest].map(row => row.id)).size, 5)
    assert.deepEqual(await one.list({ state: 'dead', limit: 3 }), [])
    await end()
  })

  test('a kind has one handler, and too large an input is refused', async () => {
    const { add, end, jobs } = await setUp(engine)
    const one = jobs('a')
    one.handle('test.work', async () => {})
    assert.throws(() => one.repeat('test.work', 1, async () => {}), { code: 'JOB_KIND_TWICE' })
    await assert.rejects(add({ kind: 'x', key: 'k', input: 'x'.repeat(70_000) }), { code: 'JOB_INPUT_TOO_LARGE' })
    await end()
  })
}

const steal = write('test.steal', async tx => {
  await tx.run(sql`update job set fence = fence + 1, due_at = 0`)
})
