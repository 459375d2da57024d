import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import {
  type AnyWrite,
  type Clock,
  type Config,
  failure,
  type Migration,
  openPostgres,
  openSqlite,
  paths,
  readSecret,
  type Store,
} from '../kernel/index.ts'
import type { DatabaseTarget } from './backup/load-database.ts'
import { lockedKeys } from './backup/locked-keys.ts'
import type { BackupManifest } from './backup/manifest.ts'
import { createProgress } from './backup/progress.ts'
import { readBackup } from './backup/read-backup.ts'
import { lockHome } from './home-lock.ts'
import { openRegionBlobs } from './region-blobs.ts'
import { controlSchema, regionSchema } from './schema.ts'
import { makeFolder } from './stores.ts'

type Parts = {
  config: Config
  clock: Clock
  env: Readonly<Record<string, string | undefined>>
  /** The folder of a finished backup. */
  from: string
  /** Lines for a person who waits. */
  say: (line: string) => void
}

export const HomeNotEmpty = failure('RESTORE_HOME_NOT_EMPTY', 409, (path: string) => ({
  says: `${path} is there already`,
  next: 'Restore into a new home: TOWPATH_HOME=/an/empty/folder. After an interrupted restore remove what it made',
}))

/** Brings a backup to life in an empty home, or in the empty schemas and stores that the configuration names. */
export async function restore({ config, clock, env, from, say }: Parts): Promise<BackupManifest> {
  const lock = lockHome(config)
  try {
    const at = paths(config)
    for (const path of [at.controlDatabase, ...config.regions.map(region => at.region(region.name))]) {
      if (existsSync(path)) throw HomeNotEmpty(path)
    }
    const parts = { config, clock, env }
    const control = target(parts, config.control.database, at.controlDatabase, controlSchema.migrations)
    const regions = config.regions.map(region => ({
      name: region.name,
      database: target(parts, region.database, at.regionDatabase(region.name), regionSchema.migrations),
      blobs: once(node => {
        makeFolder(at.region(region.name))
        return openRegionBlobs(parts, region, node)
      }),
      wholeHere: region.blobs.store === 'files',
    }))
    const restored = await readBackup({
      from: resolve(from),
      control,
      regions,
      clock,
      progress: createProgress(clock, say),
    })
    const locked = await lockedKeys(parts)
    if (locked !== undefined) say(locked)
    return restored
  } finally {
    lock.release()
  }
}

function target(
  { clock, env }: Pick<Parts, 'clock' | 'env'>,
  database: Config['control']['database'],
  path: string,
  migrations: readonly Migration[],
): DatabaseTarget {
  const open = (schema: { migrations: readonly Migration[]; writes: readonly AnyWrite[] }): Promise<Store> => {
    if (database.engine === 'postgres') {
      return openPostgres({ url: readSecret(database.url, env), schema: database.schema, clock, ...schema })
    }
    makeFolder(dirname(path))
    return openSqlite({ path, clock, ...schema })
  }
  return { migrations, open }
}

function once<V>(make: (key: string) => V): (key: string) => V {
  const made = new Map<string, V>()
  return key => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
  }
}
