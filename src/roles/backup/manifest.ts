import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { failure, isCode } from '../../kernel/index.ts'

/** Grows when a reader of today could not restore what is written. */
const FORMAT = 1
const FILE = 'backup.json'

const Summary = { rows: z.int(), bytes: z.int(), sha256: z.string() }

const Manifest = z.object({
  format: z.literal(FORMAT),
  id: z.string(),
  /** The version of Towpath that wrote it. */
  towpath: z.string(),
  /** UTC milliseconds. */
  startedAt: z.int(),
  finishedAt: z.int(),
  databases: z.array(
    z.object({
      /** `control`, or the name of a region. */
      name: z.string(),
      kind: z.enum(['control', 'region']),
      engine: z.string(),
      /** Schema steps that its tables have. */
      migrations: z.array(z.string()),
      tables: z.array(z.object({ name: z.string().regex(/^[a-z][a-z0-9_]*$/), ...Summary })),
    }),
  ),
  blobs: z.array(
    z.object({
      region: z.string(),
      count: z.int(),
      bytes: z.int(),
      /** Keys in rows whose bytes were not there, so rows that name them are not restored. */
      lost: z.array(z.string()),
    }),
  ),
})

export type BackupManifest = z.infer<typeof Manifest>
export type DumpedDatabase = BackupManifest['databases'][number]
export type CopiedBlobs = BackupManifest['blobs'][number]

export const NoBackup = failure('BACKUP_NONE', 404, (dir: string) => ({
  says: `${dir} holds no finished backup: ${FILE} is missing`,
  next: 'Name the folder that `towpath backup --to` finished; run the backup again where it was interrupted',
}))

export const BackupUnreadable = failure('BACKUP_UNREADABLE', 400, (path: string, why: string) => ({
  says: `${path} can't be used: ${why}`,
  next: 'Restore from another copy of this backup',
}))

export const BackupNewer = failure('BACKUP_NEWER', 409, (what: string) => ({
  says: `The backup was made by a newer version: ${what}`,
  next: 'Restore it with that version or a later one',
}))

/** Where things lie in a backup's folder. */
export function places(dir: string) {
  const folder = (name: string, kind: DumpedDatabase['kind']) =>
    kind === 'control' ? join(dir, 'control') : join(dir, 'regions', name)
  return {
    manifest: join(dir, FILE),
    /** There while a backup is being made. */
    unfinished: join(dir, 'unfinished'),
    folder,
    table: (name: string, kind: DumpedDatabase['kind'], table: string) => join(folder(name, kind), `${table}.ndjson`),
    blobs: (region: string) => join(folder(region, 'region'), 'blobs'),
  }
}

/** Last of all, and whole: a folder with this file is a finished backup. */
export async function writeManifest(dir: string, manifest: BackupManifest): Promise<void> {
  const path = places(dir).manifest
  const file = await open(`${path}.part`, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(Manifest.parse(manifest), undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
}

export async function readManifest(dir: string): Promise<BackupManifest> {
  const path = places(dir).manifest
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) throw NoBackup(dir).from(error)
    throw error
  }
  try {
    const raw: unknown = JSON.parse(text)
    const { format } = z.object({ format: z.int() }).parse(raw)
    if (format > FORMAT) throw BackupNewer(`its format is ${format}, this one reads ${FORMAT}`)
    return Manifest.parse(raw)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      throw BackupUnreadable(path, error.message).from(error)
    throw error
  }
}
