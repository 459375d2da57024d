import { createHash } from 'node:crypto'

/**
 * The paths of a repository, remembering which of them a question asked for: an answer holds until one of those comes or
 * goes. Whoever looks at all of them gets an answer that holds until any does.
 */
export class AskedPaths extends Set<string> {
  readonly #asked = new Map<string, boolean>()
  #all = false
  #digest: string | undefined

  /** Forgets what was asked: another file is analysed now. */
  start(): void {
    this.#asked.clear()
    this.#all = false
  }

  get asked(): ReadonlyMap<string, boolean> {
    return this.#asked
  }

  /** '' unless all of them were looked at. */
  get lookedAt(): string {
    return this.#all ? this.digest : ''
  }

  get digest(): string {
    this.#digest ??= createHash('sha256')
      .update([...this.all()].sort().join('\0'))
      .digest('hex')
    return this.#digest
  }

  override has(path: string): boolean {
    const present = super.has(path)
    this.#asked.set(path, present)
    return present
  }

  /** Not counted as asked. */
  holds(path: string): boolean {
    return super.has(path)
  }

  /** Not counted as asked either. */
  all(): SetIterator<string> {
    return super.values()
  }

  override get size(): number {
    this.#all = true
    return super.size
  }

  override values(): SetIterator<string> {
    this.#all = true
    return super.values()
  }

  override keys(): SetIterator<string> {
    return this.values()
  }

  override entries(): SetIterator<[string, string]> {
    this.#all = true
    return super.entries()
  }

  override forEach(see: (value: string, key: string, set: Set<string>) => void): void {
    this.#all = true
    super.forEach(see)
  }

  override [Symbol.iterator](): SetIterator<string> {
    return this.values()
  }
}
