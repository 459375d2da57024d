import { dirname } from 'node:path'
import type { Random } from './random.ts'

/** A change of names: what is at `to` afterwards, and what no longer is at `from`. Durable by a sync of `dir`. */
type Change<Node> = { dir: string; from?: string; to?: string; node: Node; durable: boolean }

/**
 * The names of a file system: what everybody sees, and what a power cut leaves. Changes that were not synced survive
 * it each by its own lot, whatever their order: POSIX promises no more.
 */
export class Names<Node> {
  #current = new Map<string, Node>()
  #durable = new Map<string, Node>()
  /** Since the last point where all was durable. */
  #changes: Change<Node>[] = []

  get(path: string): Node | undefined {
    return this.#current.get(path)
  }

  has(path: string): boolean {
    return this.#current.has(path)
  }

  entries(): IterableIterator<[string, Node]> {
    return this.#current.entries()
  }

  /** All that has a name, or may have one after a crash. */
  nodes(): Set<Node> {
    return new Set([...this.#current.values(), ...this.#durable.values(), ...this.#changes.map(change => change.node)])
  }

  create(path: string, node: Node): void {
    this.#change({ dir: dirname(path), to: path, node, durable: false })
  }

  remove(path: string): void {
    const node = this.#current.get(path)
    if (node !== undefined) this.#change({ dir: dirname(path), from: path, node, durable: false })
  }

  rename(from: string, to: string): void {
    const node = this.#current.get(from)
    if (node !== undefined) this.#change({ dir: dirname(to), from, to, node, durable: false })
  }

  sync(dir: string): void {
    for (const change of this.#changes) if (change.dir === dir) change.durable = true
    let done = 0
    for (let change = this.#changes[done]; change?.durable; change = this.#changes[++done]) apply(this.#durable, change)
    this.#changes.splice(0, done)
  }

  /** `survives` is asked for every change that was not synced. */
  crash(lots: Random): void {
    for (const change of this.#changes) if (change.durable || lots.chance(0.5)) apply(this.#durable, change)
    this.#changes = []
    // A name in a folder that is gone is gone with it.
    for (const path of [...this.#durable.keys()]) if (!this.#reachable(path)) this.#durable.delete(path)
    this.#current = new Map(this.#durable)
  }

  #change(change: Change<Node>): void {
    apply(this.#current, change)
    this.#changes.push(change)
  }

  #reachable(path: string): boolean {
    const dir = dirname(path)
    return dir === path || dir === '.' || dir === '/' || (this.#durable.has(dir) && this.#reachable(dir))
  }
}

function apply<Node>(names: Map<string, Node>, { from, to, node }: Change<Node>): void {
  // After a create that was lost the old name may stand for nothing, or for another file: leave that one alone.
  if (from !== undefined && names.get(from) === node) names.delete(from)
  if (to !== undefined) names.set(to, node)
}
