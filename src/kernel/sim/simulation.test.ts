import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { simClock } from './clock.ts'
import { CALM, SimNetwork, SimNetworkDown } from './network.ts'
import { SimProcess } from './process.ts'
import { createRandom } from './random.ts'
import { type Simulation, SimulationFailed, seeds, simulate } from './simulation.ts'

/** Three nodes that race for a disk and talk over a bad network. */
async function busy(sim: Simulation, log: string[]): Promise<void> {
  const disk = sim.disk('shared', { torn: true })
  const network = new SimNetwork<string, string>(sim.scheduler)
  network.weather = { loseRequest: 0.1, loseResponse: 0.1, duplicate: 0.1, delay: 20 }
  const work = ['a', 'b', 'c'].map(async name => {
    const process = new SimProcess(name)
    const clock = sim.clock(name)
    const mounted = disk.mount(process)
    network.serve(name, process, async question => {
      await clock.sleep(clock.random() * 10)
      return `${name} heard ${question}`
    })
    for (let i = 0; i < 10; i++) {
      const file = await mounted.open(`/${name}${i}`, 'create')
      await file.write([clock.bytes(10)], 0)
      await file.close()
      const to = sim.random.pick(['a', 'b', 'c'])
      log.push(await network.call(name, to, `${name}${i}`, 100).catch(error => `${name}${i} ${error.message}`))
    }
  })
  await Promise.all(work)
}

describe('a simulation', () => {
  it('is the same run for the same seed, to the last event', async () => {
    const runs = [7, 7, 8].map(async seed => {
      const log: string[] = []
      const { trace, time } = await simulate(seed, sim => busy(sim, log))
      return { trace, time, log }
    })
    const [first, again, other] = await Promise.all(runs)
    assert.deepEqual(first, again)
    assert.notEqual(first?.trace, other?.trace)
    assert.notDeepEqual(first?.log, other?.log)
    assert.ok(first?.log.some(line => line.includes('timed out')))
    assert.ok(first?.log.some(line => line.includes('heard')))
  })

  it('orders what happens at one time by the seed', async () => {
    const orders = new Set<string>()
    for (const seed of seeds(1, 20, {})) {
      const order: string[] = []
      await simulate(seed, async sim => {
        const clock = sim.clock('n')
        await Promise.all(['x', 'y', 'z'].map(name => clock.sleep(10).then(() => order.push(name))))
      })
      orders.add(order.join(''))
    }
    assert.equal(orders.size, 6)
  })

  it('tells the seed of a failure, and keeps its cause', async () => {
    const cause = new Error('the wheel came off')
    const failed = simulate(42, async sim => {
      await sim.clock('n').sleep(5)
      throw cause
    })
    await assert.rejects(failed, error => {
      assert.ok(error instanceof SimulationFailed)
      assert.match(error.message, /Seed 42 failed at 5.000 ms: the wheel came off\n.*TOWPATH_SEED=42/)
      assert.equal(error.cause, cause)
      return true
    })
  })

  it('sees that something waits for ever', async () => {
    await assert.rejects(
      simulate(1, () => new Promise(() => undefined)),
      /waits for ever/,
    )
  })

  it('replays the seed that the environment names', () => {
    assert.deepEqual(seeds(1, 3, {}), [1, 2, 3])
    assert.deepEqual(seeds(1, 3, { TOWPATH_SEED: '99' }), [99])
    assert.throws(() => seeds(1, 3, { TOWPATH_SEED: 'x' }), /TOWPATH_SEED/)
  })
})

describe('the simulated clock', () => {
  it('passes time only when told to, and wakes sleepers at theirs', async () => {
    const clock = simClock(1)
    const began = clock.now()
    const woken: number[] = []
    for (const ms of [30, 10, 20]) clock.sleep(ms).then(() => woken.push(clock.now() - began))
    await clock.advance(20)
    assert.deepEqual(woken, [10, 20])
    await clock.advance(1000)
    assert.deepEqual(woken, [10, 20, 30])
    assert.equal(clock.now() - began, 1020)
  })

  it('jumps the wall clock back without a hybrid stamp or the monotonic clock going back', async () => {
    const clock = simClock(1)
    await clock.advance(10_000)
    const [stamp, monotonic, wall] = [clock.tick(), clock.monotonic(), clock.now()]
    clock.jump(-5000)
    assert.equal(clock.now(), wall - 5000)
    assert.ok(clock.tick() > stamp)
    assert.equal(clock.monotonic(), monotonic)
  })

  it('stops a sleep that is aborted', async () => {
    const clock = simClock(1)
    const abort = new AbortController()
    const sleeping = clock.sleep(10, abort.signal)
    abort.abort(new Error('enough'))
    await assert.rejects(sleeping, /enough/)
    await assert.rejects(clock.sleep(10, abort.signal), /enough/)
    await clock.advance(100)
  })
})

describe('the simulated network', () => {
  const network = (sim: Simulation) => {
    const net = new SimNetwork<string, string>(sim.scheduler)
    const process = new SimProcess('server')
    let served = 0
    net.serve('server', process, async question => {
      served += 1
      await sim.clock('server').sleep(50)
      return `re: ${question}`
    })
    return { net, process, served: () => served }
  }

  it('answers, and hands a failure of the handler to the caller', async () => {
    await simulate(1, async sim => {
      const { net } = network(sim)
      assert.equal(await net.call('client', 'server', 'hello', 1000), 're: hello')
      net.serve('server', new SimProcess('other'), async () => {
        throw new Error('no')
      })
      await assert.rejects(net.call('client', 'server', 'hello', 1000), /no/)
    })
  })

  it('loses the request, or only the answer', async () => {
    await simulate(1, async sim => {
      const { net, served } = network(sim)
      net.weather = { ...CALM, loseRequest: 1 }
      await assert.rejects(net.call('client', 'server', 'x', 1000), { code: SimNetworkDown.code })
      assert.equal(served(), 0)
      net.weather = { ...CALM, loseResponse: 1 }
      await assert.rejects(net.call('client', 'server', 'x', 1000), /timed out/)
      assert.equal(served(), 1)
    })
  })

  it('brings a request twice', async () => {
    await simulate(1, async sim => {
      const { net, served } = network(sim)
      net.weather = { ...CALM, duplicate: 1 }
      assert.equal(await net.call('client', 'server', 'x', 1000), 're: x')
      await sim.clock('client').sleep(100)
      assert.equal(served(), 2)
    })
  })

  it('is cut between two nodes until it heals', async () => {
    await simulate(1, async sim => {
      const { net } = network(sim)
      net.cut('server', 'client')
      await assert.rejects(net.call('client', 'server', 'x', 1000), /timed out/)
      assert.equal(await net.call('other', 'server', 'x', 1000), 're: x')
      net.heal('client', 'server')
      assert.equal(await net.call('client', 'server', 'x', 1000), 're: x')
    })
  })

  it('refuses for a dead process, and resets what it was serving when it died', async () => {
    await simulate(1, async sim => {
      const { net, process } = network(sim)
      const asked = net.call('client', 'server', 'x', 1000)
      await sim.clock('client').sleep(20)
      process.kill()
      await assert.rejects(asked, /connection reset/)
      await assert.rejects(net.call('client', 'server', 'x', 1000), /connection refused/)
    })
  })
})

describe('seeded chance', () => {
  it('is uniform, within its bounds, and a fork is a stream of its own', () => {
    const random = createRandom(5)
    const draws = Array.from({ length: 10_000 }, () => random.next())
    assert.ok(draws.every(draw => draw >= 0 && draw < 1))
    const mean = draws.reduce((a, b) => a + b) / draws.length
    assert.ok(Math.abs(mean - 0.5) < 0.02, `${mean}`)

    const [one, two] = [createRandom(5), createRandom(5)]
    one.next()
    assert.deepEqual(one.fork('x').bytes(33), two.fork('x').bytes(33))
    assert.notDeepEqual(one.fork('x').bytes(33), one.fork('y').bytes(33))
  })
})
