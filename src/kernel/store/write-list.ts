import { WriteTwice, WriteUnknown } from './failures.ts'
import type { AnyWrite } from './types.ts'

/** Finds writes by name; a name that means two writes stops the start. */
export class WriteList {
  readonly #byName = new Map<string, AnyWrite>()

  constructor(writes: readonly AnyWrite[]) {
    for (const write of writes) {
      const other = this.#byName.get(write.name)
      if (other !== undefined && other !== write) throw WriteTwice(write.name)
      this.#byName.set(write.name, write)
    }
  }

  /** Throws where the name is not in the list, on every engine alike: a forgotten write fails in the first test. */
  find(name: string): AnyWrite {
    const write = this.#byName.get(name)
    if (write === undefined) throw WriteUnknown(name)
    return write
  }
}
