/**
 * What was lately looked up by a long text, bounded by entries and by the texts' own size.
 *
 * Two generations of a Map instead of a linked list: a hit in the young one is one lookup that moves
 * and allocates nothing, which is what the registry's hot path does at every request.
 */
export class Recent<V> {
  #young = new Map<string, V>()
  #old = new Map<string, V>()
  #chars = 0
  readonly #maxEntries: number
  readonly #maxChars: number

  /** Holds at most twice of each. */
  constructor(maxEntries: number, maxChars: number) {
    this.#maxEntries = maxEntries
    this.#maxChars = maxChars
  }

  get(key: string): V | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const older = this.#old.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: string, value: V): void {
    if (!this.#young.has(key)) {
      if (this.#young.size >= this.#maxEntries || this.#chars + key.length > this.#maxChars) {
        this.#old = this.#young
        this.#young = new Map()
        this.#chars = 0
      }
      this.#chars += key.length
    }
    this.#old.delete(key)
    this.#young.set(key, value)
  }

  delete(key: string): void {
    if (this.#young.delete(key)) this.#chars -= key.length
    this.#old.delete(key)
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }
}
