import { type Clock, type Ms, systemClock } from '../clock.ts'
import type { TestEngine, TestStoreOptions } from './engines.fixture.ts'
import { testStore } from './engines.fixture.ts'
import type { Store } from './types.ts'

export type VirtualClock = Clock & { forward(ms: Ms): void }

/**
 * A store and a clock for what waits: time stands still while the store works, and jumps to whoever
 * wakes first once nothing is left to do. A slow machine changes nothing.
 */
export async function storeInVirtualTime(engine: TestEngine, options: Omit<TestStoreOptions, 'clock'>) {
  const time = new VirtualTime()
  // The engine's own waiting, before it repeats a transaction, is real: it is part of the store's work.
  const store = await testStore(engine, { ...options, clock: { ...time.clock, sleep: systemClock('test').sleep } })
  return { clock: time.clock, store: time.watched(store) }
}

type Sleeper = { readonly at: Ms; readonly wake: () => void }

class VirtualTime {
  #now = 1_700_000_000_000
  #busy = 0
  #sleepers: Sleeper[] = []
  #pumping = false
  readonly clock: VirtualClock = {
    ...systemClock('test'),
    now: () => this.#now,
    monotonic: () => this.#now,
    forward: ms => {
      this.#now += ms
    },
    sleep: (ms, signal) => this.#sleep(ms, signal),
  }

  watched(store: Store): Store {
    return {
      ...store,
      read: {
        one: query => this.#during(() => store.read.one(query)) as never,
        all: query => this.#during(() => store.read.all(query)) as never,
      },
      snapshot: query => this.#during(() => store.snapshot(query)),
      write: (write, input) => this.#during(() => store.write(write, input)),
    }
  }

  async #during<T>(work: () => T | Promise<T>): Promise<T> {
    this.#busy++
    try {
      return await work()
    } finally {
      this.#busy--
    }
  }

  #sleep(ms: Ms, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const sleeper = { at: this.#now + Math.max(0, ms), wake: resolve }
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter(other => other !== sleeper)
        reject(signal.reason)
      })
      this.#sleepers.push(sleeper)
      if (!this.#pumping) void this.#pump()
    })
  }

  async #pump(): Promise<void> {
    this.#pumping = true
    while (this.#sleepers.length > 0) {
      await new Promise(resolve => setImmediate(resolve))
      if (this.#busy > 0 || this.#sleepers.length === 0) continue
      const next = this.#sleepers.reduce((first, other) => (other.at < first.at ? other : first))
      this.#sleepers = this.#sleepers.filter(other => other !== next)
      this.#now = Math.max(this.#now, Math.ceil(next.at))
      next.wake()
    }
    this.#pumping = false
  }
}
