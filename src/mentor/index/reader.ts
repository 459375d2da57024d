import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type Mirror, openMirror } from '../../git/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import { LARGEST_FILE } from './listing.ts'
import { mirrorDir, type RepositoryRow } from './repository-rows.ts'

type Reading = { dir: string; clock: Clock; db(): DatabaseSync; repositories(): readonly RepositoryRow[] }

/** Golden files from git itself, each time anew: what a row says may be older than what is there. */
export function openReader({ dir, clock, db, repositories }: Reading): GoldenReader & { close(): void } {
  const mirrors = new Map<string, Mirror>()

  function mirrorsOf(name: string): Mirror[] {
    const dirs = new Set(repositories().flatMap(one => (one.name === name ? [mirrorDir(dir, one.source)] : [])))
    // One that was never fetched, or was taken away as damaged, has nothing to read.
    return [...dirs].filter(existsSync).map(at => {
      const mirror = mirrors.get(at) ?? openMirror({ dir: at, clock })
      mirrors.set(at, mirror)
      return mirror
    })
  }

  return {
    async read({ repository, commit, path }) {
      for (const mirror of mirrorsOf(repository)) {
        const bytes = await mirror.read(commit, path, LARGEST_FILE)
        if (bytes !== undefined) return bytes
      }
      return undefined
    },
    async current(repository) {
      return repositories().find(one => one.name === repository && one.commit !== '')?.commit
    },
    async paths(repository, commit) {
      const indexed = repositories().find(one => one.name === repository && one.commit === commit)
      if (indexed === undefined) return []
      const rows = db().prepare('SELECT path FROM file WHERE repository = ? ORDER BY path').all(indexed.id)
      return (rows as { path: string }[]).map(({ path }) => path)
    },
    close() {
      for (const mirror of mirrors.values()) mirror.close()
      mirrors.clear()
    },
  }
}
