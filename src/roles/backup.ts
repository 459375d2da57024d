import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type Clock,
  type Config,
  Failure,
  failure,
  openPostgres,
  openSqliteReadOnly,
  paths,
  readSecret,
  type Store,
} from '../kernel/index.ts'
import type { BackupManifest } from './backup/manifest.ts'
import { createProgress } from './backup/progress.ts'
import { type RegionSource, writeBackup } from './backup/write-backup.ts'
import { HomeInUse, type HomeLock, lockHome } from './home-lock.ts'
import { openRegionBlobs } from './region-blobs.ts'
import { controlSchema } from './schema.ts'
import { openRegionStore } from './stores.ts'
import { VERSION } from './version.ts'

type Parts = {
  config: Config
  clock: Clock
  env: Readonly<Record<string, string | undefined>>
  /** The backup's folder. */
  to: string
  /** Finish also where the bytes of some blobs are gone or damaged. */
  acceptLost?: boolean | undefined
  /** Lines for a person who waits. */
  say: (line: string) => void
}

export const NothingToBackUp = failure('BACKUP_NOTHING', 404, (path: string) => ({
  says: `There is no platform here: ${path} does not exist`,
  next: 'Name its home: TOWPATH_HOME=/srv/towpath, or its configuration: --config',
}))

/** A consistent copy of everything but secrets, of a platform that runs or one that does not. */
export async function backup({ config, clock, env, to, acceptLost, say }: Parts): Promise<BackupManifest> {
  const at = paths(config)
  const files = [{ database: config.control.database, path: at.controlDatabase }].concat(
    config.regions.map(({ name, database }) => ({ database, path: at.regionDatabase(name) })),
  )
  const missing = files.find(({ database, path }) => database.engine === 'sqlite' && !existsSync(path))
  if (missing) throw NothingToBackUp(missing.path)
  const lock = lockIfIdle(config)
  const open: { close(): Promise<void> }[] = []
  const keep = <S extends Store>(store: S): S => {
    open.push(store)
    return store
  }
  try {
    const parts = { config, clock, env }
    const control = keep(await controlReader(parts))
    const regions: RegionSource[] = []
    for (const [index, region] of config.regions.entries()) {
      const linkFrom = region.blobs.store === 'files' ? at.blobs(region.name) : undefined
      // Locked, no process of this machine reclaims; on Postgres there may be other machines.
      const idle = lock !== undefined && region.database.engine === 'sqlite'
      const store = keep(
        idle ? openSqliteReadOnly(at.regionDatabase(region.name)) : await openRegionStore(parts, index),
      )
      regions.push({
        name: region.name,
        store,
        blobs: openRegionBlobs(parts, region, 'backup'),
        linkFrom,
        hold: !idle,
      })
    }
    const progress = createProgress(clock, say)
    return await writeBackup({ to: resolve(to), control, regions, clock, version: VERSION, progress, acceptLost })
  } finally {
    for (const one of open) await one.close()
    lock?.release()
  }
}

/** Nothing starts on the home while an idle one is copied; where the platform runs it has the lock, and that is fine. */
function lockIfIdle(config: Config): HomeLock | undefined {
  try {
    return lockHome(config)
  } catch (error) {
    if (error instanceof Failure && error.is(HomeInUse)) return undefined
    throw error
  }
}

async function controlReader({ config, clock, env }: Pick<Parts, 'config' | 'clock' | 'env'>): Promise<Store> {
  const { database } = config.control
  if (database.engine === 'sqlite') return openSqliteReadOnly(paths(config).controlDatabase)
  return openPostgres({ url: readSecret(database.url, env), schema: database.schema, clock, ...controlSchema })
}
