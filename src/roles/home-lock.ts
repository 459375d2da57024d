import { mkdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type Config, failure, paths } from '../kernel/index.ts'

export const HomeInUse = failure('HOME_IN_USE', 409, (home: string) => ({
  says: `Another towpath runs on ${home}`,
  next: 'Stop that one first, or give this one a home of its own: TOWPATH_HOME=/another/folder',
}))

export type HomeLock = { release(): void }

const SQLITE_BUSY = 5

/**
 * The right to run on a home, or to restore into it. Held by the kernel for this process (a POSIX lock, taken
 * through an empty SQLite file, since Node has no flock): a kill -9 gives it back, so it is never stale.
 */
export function lockHome(config: Pick<Config, 'home'>): HomeLock {
  const { home, lock } = paths(config)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = new DatabaseSync(lock, { timeout: 0 })
  try {
    file.exec('begin exclusive')
  } catch (error) {
    file.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) throw HomeInUse(home).from(error)
    throw error
  }
  return { release: () => file.close() }
}
