/** One request that changes what a path serves: to the content with this hash, or to nothing. */
type Attempt = { value: string | undefined; began: number; ended: number; acknowledged: boolean }

/**
 * What clients asked for and what they were told, a register for each path that serves bytes
 * (`/v2/<name>/manifests/<tag or digest>`, `/v2/<name>/blobs/<digest>`). A value is the sha256 of the
 * bytes, whatever the path says; undefined where nothing is served.
 */
export class Ledger {
  #time = 0
  readonly #registers = new Map<string, Attempt[]>()
  /** Blobs that an acknowledged manifest refers to, and when the registry may collect the others by itself. */
  readonly #kept = new Set<string>()
  readonly #fading = new Map<string, number>()

  /** Before the request leaves. Call what it returns when the answer says that it was done. */
  begin(path: string, value: string | undefined): () => void {
    const attempt: Attempt = { value, began: ++this.#time, ended: Number.POSITIVE_INFINITY, acknowledged: false }
    const attempts = this.#registers.get(path) ?? [ABSENT]
    attempts.push(attempt)
    this.#registers.set(path, attempts)
    return () => {
      attempt.ended = ++this.#time
      attempt.acknowledged = true
    }
  }

  /** A blob is about to be pushed, and nobody may ever say that it was: from `time` on it may be collected. */
  mayFade(path: string, time: number): void {
    if (!this.#fading.has(path)) this.await(path, time)
  }

  /** A blob was pushed: until a manifest refers to it, it may be collected from `time` (of performance.now) on. */
  await(path: string, time: number): void {
    if (!this.#kept.has(path)) this.#fading.set(path, time)
  }

  /** A manifest that refers to them was acknowledged. */
  keep(paths: readonly string[]): void {
    for (const path of paths) {
      this.#kept.add(path)
      this.#fading.delete(path)
    }
  }

  /** The last manifest that refers to it is about to go: the registry may collect it by itself. */
  release(path: string): void {
    this.#kept.delete(path)
    this.#fading.set(path, performance.now())
  }

  paths(): string[] {
    return [...this.#registers.keys()]
  }

  /**
   * What the path may serve. An attempt that nobody answered may have been done or not; one that ended
   * before an acknowledged one began is certainly overwritten.
   */
  possible(path: string): Set<string | undefined> {
    const attempts = this.#registers.get(path) ?? [ABSENT]
    const lastBegan = Math.max(...attempts.filter(one => one.acknowledged).map(one => one.began))
    const values = new Set(attempts.filter(one => one.ended >= lastBegan).map(one => one.value))
    return performance.now() >= (this.#fading.get(path) ?? Number.POSITIVE_INFINITY) ? values.add(undefined) : values
  }

  /**
   * What a reader saw while no request was under way, and the processes that could still have done one
   * were dead: from now on it is the truth.
   */
  settle(path: string, seen: string | undefined): void {
    const now = ++this.#time
    this.#registers.set(path, [{ value: seen, began: now, ended: now, acknowledged: true }])
  }
}

const ABSENT: Attempt = { value: undefined, began: 0, ended: 0, acknowledged: true }
