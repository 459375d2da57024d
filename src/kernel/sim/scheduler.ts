import { createHash } from 'node:crypto'
import type { Ms } from '../clock.ts'
import { createRandom, type Random } from './random.ts'

type Event = { readonly at: Ms; readonly lot: number; readonly serial: number; readonly label: string; run: () => void }

// What a failure shows of how it came about.
const REMEMBERED = 400

/**
 * Virtual time. What is due is run one at a time, in order of time and, at one time, of a seeded lot; after each
 * everything it set in motion runs until it waits again. So one seed is one interleaving, every time.
 */
export class Scheduler {
  readonly seed: string | number
  readonly random: Random
  #time: Ms = 0
  #serial = 0
  readonly #heap: Event[] = []
  readonly #lots: Random
  readonly #hash = createHash('sha256')
  readonly #recent: string[] = []

  constructor(seed: string | number) {
    this.seed = seed
    this.random = createRandom(seed)
    this.#lots = this.random.fork('order')
  }

  /** Milliseconds since the beginning. */
  get time(): Ms {
    return this.#time
  }

  /** Runs it in `delay` ms. Returns how to call it off. */
  after(delay: Ms, label: string, run: () => void): () => void {
    const event = { at: this.#time + Math.max(0, delay), lot: this.#lots.next(), serial: this.#serial++, label, run }
    push(this.#heap, event)
    return () => {
      event.run = () => undefined
    }
  }

  /** Resolves in up to `most` ms, by lot: lets the others pass or not. */
  pause(label: string, most: Ms = 1): Promise<void> {
    return new Promise(resolve => void this.after(this.#lots.next() * most, label, resolve))
  }

  /** A fact for the trace: the same seed must give the same ones in the same order. */
  note(fact: string): void {
    const line = `${this.#time.toFixed(3)} ${fact}`
    this.#hash.update(`${line}\n`)
    this.#recent.push(line)
    if (this.#recent.length > 2 * REMEMBERED) this.#recent.splice(0, REMEMBERED)
  }

  /** A hash of all that happened so far. */
  trace(): string {
    return this.#hash.copy().digest('hex')
  }

  recent(): readonly string[] {
    return this.#recent.slice(-REMEMBERED)
  }

  /** Runs until `work` is settled. Throws where it isn't and nothing is due any more: it waits for ever. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false
    work.then(
      () => (settled = true),
      () => (settled = true),
    )
    for (;;) {
      await turn()
      if (settled) return work
      if (!this.#step(Number.POSITIVE_INFINITY)) {
        throw new Error(`At ${this.#time} ms nothing is due any more, but the work is not done: it waits for ever`)
      }
    }
  }

  /** Lets `ms` pass, and all that is due in it happen. */
  async advance(ms: Ms): Promise<void> {
    const until = this.#time + ms
    do await turn()
    while (this.#step(until))
    this.#time = until
  }

  #step(until: Ms): boolean {
    const event = this.#heap[0]
    if (!event || event.at > until) return false
    pop(this.#heap)
    this.#time = event.at
    this.note(event.label)
    event.run()
    return true
  }
}

/** Until every promise that can go on without us has gone on: microtasks all run before an immediate does. */
function turn(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve))
}

function before(a: Event, b: Event): boolean {
  if (a.at !== b.at) return a.at < b.at
  return a.lot === b.lot ? a.serial < b.serial : a.lot < b.lot
}

function push(heap: Event[], event: Event): void {
  let at = heap.length
  heap.push(event)
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up] as Event
    if (!before(event, parent)) break
    heap[at] = parent
    at = up
  }
  heap[at] = event
}

/** Removes the first. */
function pop(heap: Event[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let at = 0
  for (;;) {
    let down = 2 * at + 1
    const [left, right] = [heap[down], heap[down + 1]]
    if (!left) break
    const smaller = right && before(right, left) ? right : left
    if (smaller === right) down += 1
    if (!before(smaller, last)) break
    heap[at] = smaller
    at = down
  }
  heap[at] = last
}
