/** What a name may stand for; undefined: nothing. */
export type Value = string | undefined

/** A change that somebody asked for. Whether it happened is only known once it is acknowledged. */
export type Change = {
  readonly value: Value
  /** Happens only where the name stands for this. */
  readonly only: Value
  /** It may not happen though the request is answered well. */
  readonly unsure?: boolean
  readonly begun: number
  acknowledged: number
  /** From here on it can't happen (again) any more: no copy of the request is on its way or at work. */
  over: number
}

/** Orders what clients began and learned; not time, so that two things are never at once. */
export class Order {
  #last = 0

  next(): number {
    this.#last += 1
    return this.#last
  }
}

/**
 * All that was asked of one name, and what a read of it may find: what the newest change wrote, or a change
 * that may have come after it. A change is out of question only where an acknowledged one began after it was over.
 */
export class Register {
  readonly #order: Order
  #changes: Change[] = [{ value: undefined, only: undefined, begun: 0, acknowledged: 0, over: 0 }]

  constructor(order: Order) {
    this.#order = order
  }

  begin(value: Value, only?: Value, unsure = false): Change {
    const never = Number.POSITIVE_INFINITY
    const change = { value, only, unsure, begun: this.#order.next(), acknowledged: never, over: never }
    this.#changes.push(change)
    return change
  }

  /** What a read between these two moments may find. */
  allowed(begun: number, ended: number): Set<Value> {
    const replaced = (change: Change) =>
      this.#changes.some(
        later =>
          later.acknowledged < begun &&
          later.begun > change.over &&
          (later.only === undefined || later.only === change.value),
      )
    return new Set(this.#changes.filter(change => change.begun < ended && !replaced(change)).map(({ value }) => value))
  }

  /**
   * All is again as it was at some moment between these two: what was acknowledged before that is so, what began after it never was,
   * what was on its way then may have been or not. What is on its way now may still come.
   */
  rewind(begun: number, ended: number): void {
    const never = Number.POSITIVE_INFINITY
    this.#changes = this.#changes.filter(change => change.begun < ended || change.over === never)
    for (const change of this.#changes) if (change.acknowledged >= begun) change.acknowledged = never
  }

  /** Everything it may ever have stood for. */
  values(): Set<Value> {
    return new Set(this.#changes.map(({ value }) => value))
  }
}
