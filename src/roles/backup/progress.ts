import type { Clock, Ms } from '../../kernel/index.ts'

/** Talk for a person who waits; data goes elsewhere. */
export type Progress = {
  say(line: string): void
  /** Blobs and bytes so far, at most one line each two seconds, and one at the end. */
  count(what: string): { add(bytes: number): void; end(): void }
}

const EVERY_MS: Ms = 2000

export function createProgress(clock: Clock, write: (line: string) => void): Progress {
  return {
    say: write,
    count(what) {
      let blobs = 0
      let bytes = 0
      let last = clock.monotonic()
      const line = () => write(`${what}: ${blobs}, ${(bytes / 1024 ** 2).toFixed(1)} MiB`)
      return {
        add(more) {
          blobs += 1
          bytes += more
          if (clock.monotonic() - last < EVERY_MS) return
          last = clock.monotonic()
          line()
        },
        end: line,
      }
    },
  }
}
