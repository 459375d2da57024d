import type { Ms } from '../clock.ts'
import { failure } from '../failure.ts'
import type { SimProcess } from './process.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'

export type SimHandler<Request, Response> = (request: Request, from: string) => Promise<Response>

/** Probabilities, each for one message. */
export type SimWeather = {
  loseRequest: number
  loseResponse: number
  /** The request arrives twice; the second answer is nobody's. */
  duplicate: number
  /** One way, up to. */
  delay: Ms
}

export const CALM: SimWeather = { loseRequest: 0, loseResponse: 0, duplicate: 0, delay: 5 }

/** What a client sees: it can't tell whether the request was served. */
export const SimNetworkDown = failure('SIM_NETWORK_DOWN', 503, (from: string, to: string, why: string) => ({
  says: `${from} has no answer from ${to}: ${why}`,
  next: 'Try again: the request may have been served, or not',
}))

/**
 * Requests between named nodes, with delay, loss, duplicates and cuts. A node answers while the process that serves it
 * lives; its death breaks every request that it has.
 */
export class SimNetwork<Request, Response> {
  weather: SimWeather = CALM
  readonly #scheduler: Scheduler
  readonly #lots: Random
  readonly #nodes = new Map<string, { process: SimProcess; handle: SimHandler<Request, Response> }>()
  readonly #cuts = new Set<string>()

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
    this.#lots = scheduler.random.fork('network')
  }

  serve(name: string, process: SimProcess, handle: SimHandler<Request, Response>): void {
    this.#nodes.set(name, { process, handle })
  }

  /** No message passes between the two until `heal`. */
  cut(a: string, b: string): void {
    this.#cuts.add(pair(a, b))
    this.#scheduler.note(`cut ${a} ${b}`)
  }

  heal(a: string, b: string): void {
    this.#cuts.delete(pair(a, b))
    this.#scheduler.note(`heal ${a} ${b}`)
  }

  /** Rejects with `SimNetworkDown` after `timeout` ms, at once where nobody listens, or when the node dies. */
  call(from: string, to: string, request: Request, timeout: Ms): Promise<Response> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(SimNetworkDown(from, to, why))
      const cancel = this.#scheduler.after(timeout, `${from} gives up on ${to}`, () => fail('timed out'))
      const arrive = (answer: (result: Promise<Response>) => void) => {
        const node = this.#nodes.get(to)
        if (this.#cuts.has(pair(from, to))) return
        if (!node?.process.alive) return fail('connection refused')
        node.process.onDeath(() => fail('connection reset'))
        answer(node.process.sees(node.handle(request, from)))
      }
      const answer = (result: Promise<Response>) => {
        const back = (deliver: () => void) => {
          if (this.#lots.chance(this.weather.loseResponse)) return this.#scheduler.note(`lost ${to} to ${from}`)
          this.#send(`${to} answers ${from}`, () => {
            if (this.#cuts.has(pair(from, to))) return
            cancel()
            deliver()
          })
        }
        result.then(
          response => back(() => resolve(response)),
          error => back(() => reject(error)),
        )
      }
      if (this.#lots.chance(this.weather.loseRequest)) this.#scheduler.note(`lost ${from} to ${to}`)
      else this.#send(`${from} asks ${to}`, () => arrive(answer))
      if (this.#lots.chance(this.weather.duplicate)) {
        this.#send(`${from} asks ${to} again`, () => arrive(result => void result.catch(() => undefined)))
      }
    })
  }

  #send(label: string, deliver: () => void): void {
    this.#scheduler.after(this.#lots.next() * this.weather.delay, label, deliver)
  }
}

function pair(a: string, b: string): string {
  return [a, b].sort().join(' ')
}
