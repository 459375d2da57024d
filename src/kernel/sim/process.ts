import type { Clock } from '../clock.ts'

/** Something that runs until it is killed, and then not one step further: whatever it waits for never comes. */
export class SimProcess {
  readonly name: string
  #alive = true
  readonly #deaths: (() => void)[] = []

  constructor(name: string) {
    this.name = name
  }

  get alive(): boolean {
    return this.#alive
  }

  kill(): void {
    this.#alive = false
    for (const death of this.#deaths.splice(0)) death()
  }

  onDeath(run: () => void): void {
    if (this.#alive) this.#deaths.push(run)
    else run()
  }

  /** The result of something outside, as the process learns of it: never, once it is dead. */
  sees<T>(result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      result.then(
        value => this.#alive && resolve(value),
        error => this.#alive && reject(error),
      )
    })
  }

  clock<C extends Clock>(clock: C): C {
    return { ...clock, sleep: (ms, signal) => this.sees(clock.sleep(ms, signal)) }
  }
}
