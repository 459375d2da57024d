import type { Files } from '../layout/files.ts'

/** Files in memory; `full` makes every write past that many bytes fail, as a full disk does. */
export function memoryFiles(name = 'memory'): Files & { readonly held: Map<string, Buffer>; full: number } {
  const held = new Map<string, Buffer>()
  const files = {
    name,
    held,
    full: Number.POSITIVE_INFINITY,
    async read(path: string, limit: number) {
      const bytes = held.get(path)
      if (bytes && bytes.length > limit) throw new Error(`${path} is too long`)
      return bytes
    },
    size: async (path: string) => held.get(path)?.length,
    async *stream(path: string, from: number) {
      const bytes = held.get(path) ?? Buffer.alloc(0)
      for (let at = from; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
    },
    async replace(path: string, bytes: Uint8Array) {
      held.set(path, Buffer.from(bytes))
    },
    async append(path: string, at: number) {
      held.set(path, (held.get(path) ?? Buffer.alloc(0)).subarray(0, at))
      return {
        async write(chunk: Uint8Array) {
          const before = held.get(path) ?? Buffer.alloc(0)
          if (before.length + chunk.length > files.full) throw new Error('ENOSPC')
          held.set(path, Buffer.concat([before, chunk]))
        },
        async close() {},
      }
    },
    async rename(from: string, to: string) {
      held.set(to, held.get(from) ?? Buffer.alloc(0))
      held.delete(from)
    },
    async remove(path: string) {
      held.delete(path)
    },
  }
  return files
}
