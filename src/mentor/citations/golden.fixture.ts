import type { GoldenReader } from './golden-reader.ts'

/** Golden repositories held in memory: each a list of commits, oldest first, each its files. The last one is current. */
export type Golden = Record<string, { commit: string; files: Record<string, string | Uint8Array> }[]>

/** Reads what `golden` holds at that moment, and counts how often. Tests only. */
export function goldenReader(golden: Golden): GoldenReader & { reads: number } {
  const filesAt = (repository: string, commit: string) =>
    golden[repository]?.find(one => one.commit === commit)?.files ?? {}
  const reader: GoldenReader & { reads: number } = {
    reads: 0,
    async read({ repository, commit, path }) {
      reader.reads++
      const file = filesAt(repository, commit)[path]
      return typeof file === 'string' ? Buffer.from(file) : file
    },
    current: async repository => golden[repository]?.at(-1)?.commit,
    paths: async (repository, commit) => Object.keys(filesAt(repository, commit)),
  }
  return reader
}

/** A commit's id of so many equal digits. */
export function commitOf(digit: string): string {
  return digit.repeat(40)
}
