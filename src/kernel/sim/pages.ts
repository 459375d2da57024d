import type { Random } from './random.ts'

const PAGE = 4096

/** The content of a file: what everybody sees, and what a power cut leaves. */
export type Content = {
  readonly size: number
  read(into: Uint8Array, position: number): number
  write(chunk: Uint8Array, position: number): void
  truncate(size: number): void
  sync(): void
  /** A sync failed: what was not synced counts as written, and is not. */
  forget(): void
  /**
   * The power goes: what was not synced is gone. With `torn` it is, by lot, gone, or there, or there in
   * some pages only, as when the kernel had begun to write back.
   */
  crash(torn: Random | undefined): void
}

export function createContent(): Content {
  let bytes = new Uint8Array(0)
  let size = 0
  let durable = new Uint8Array(0)
  let dirty = false
  let forgotten = false

  const resize = (next: number) => {
    if (next > bytes.length) {
      const grown = new Uint8Array(Math.max(next, bytes.length * 2))
      grown.set(bytes.subarray(0, size))
      bytes = grown
    }
    // What is cut off must not come back when the file grows again.
    if (next < size) bytes.fill(0, next, size)
    size = next
  }

  return {
    get size() {
      return size
    },
    read: (into, position) => {
      const read = Math.max(0, Math.min(into.length, size - position))
      into.set(bytes.subarray(position, position + read))
      return read
    },
    write: (chunk, position) => {
      if (chunk.length === 0) return
      if (position + chunk.length > size) resize(position + chunk.length)
      bytes.set(chunk, position)
      dirty = true
    },
    truncate: next => {
      resize(next)
      dirty = true
    },
    sync: () => {
      if (dirty && !forgotten) durable = bytes.slice(0, size)
      dirty = false
    },
    forget: () => {
      forgotten ||= dirty
      dirty = false
    },
    crash: torn => {
      const unsure = dirty && !forgotten
      const fate = unsure ? (torn?.pick(['gone', 'gone', 'there', 'pages'] as const) ?? 'gone') : 'gone'
      if (fate === 'there') durable = bytes.slice(0, size)
      else if (fate === 'pages' && torn) durable = somePages(durable, bytes.subarray(0, size), torn)
      bytes = durable.slice()
      size = bytes.length
      forgotten = false
      dirty = false
    },
  }
}

/** The size may be on disk before the data is: such pages are zeros. */
function somePages(durable: Uint8Array, current: Uint8Array, lot: Random): Uint8Array<ArrayBuffer> {
  const mixed = new Uint8Array(lot.chance(0.5) ? current.length : Math.min(durable.length, current.length))
  mixed.set(durable.subarray(0, mixed.length))
  for (let at = 0; at < mixed.length; at += PAGE) {
    if (lot.chance(0.5)) mixed.set(current.subarray(at, Math.min(at + PAGE, mixed.length)), at)
  }
  return mixed
}
