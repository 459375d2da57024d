import { Failure, failure } from '../failure.ts'

/** Too many writes wait, or the engine had no room for one more: nothing was written. */
export const StoreBusy = failure('STORE_BUSY', 503, (what: string) => ({
  says: `The database is busy: ${what}`,
  next: 'Try again in a moment; where it lasts, look for a slow disk or a client that writes without pause',
}))

export const StoreFull = failure('STORE_FULL', 507, (where: string) => ({
  says: `No room left to write to ${where}`,
  next: 'Free disk space; reads go on, and writes work again as soon as there is room',
}))

export const StoreUnavailable = failure('STORE_UNAVAILABLE', 503, (what: string) => ({
  says: `The database cannot be reached: ${what}`,
  next: 'Check that it runs and that its address is right, then try again',
}))

/** Serializable transactions that kept losing to others, after all retries. */
export const StoreConflict = failure('STORE_CONFLICT', 503, (name: string, attempts: number) => ({
  says: `Write "${name}" met other writes ${attempts} times in a row`,
  next: 'Try again',
}))

export const StoreTimeout = failure('STORE_TIMEOUT', 503, (ms: number) => ({
  says: `The database did not finish a statement within ${ms} ms`,
  next: 'Try again; where it lasts, look at the load of the database',
}))

export const StoreClosed = failure('STORE_CLOSED', 503, () => ({
  says: 'This process is stopping and takes no more writes',
  next: 'Try again; another process or the restarted one answers',
}))

export const SchemaNewer = failure('STORE_SCHEMA_NEWER', 500, (ids: readonly string[]) => ({
  says: `The database holds schema steps this version does not know: ${ids.join(', ')}`,
  next: 'Start the newer version that made them, or restore a backup taken before it ran',
  detail: { ids },
}))

export const MigrationTwice = failure('STORE_MIGRATION_TWICE', 500, (id: string) => ({
  says: `Migration "${id}" is in the list twice`,
  next: 'Give each migration an id of its own',
}))

export const SchemaName = failure('STORE_SCHEMA_NAME', 400, (name: string) => ({
  says: `"${name.slice(0, 80)}" cannot name a Postgres schema here`,
  next: 'Use a letter, then at most 62 letters, digits and "_", all in lower case',
}))

export const EncodingRefused = failure('STORE_ENCODING', 500, (encoding: string) => ({
  says: `The Postgres database is encoded in ${encoding}; only UTF8 holds every name`,
  next: 'Create the database with ENCODING UTF8 and use that one',
}))

export const TextRefused = failure('STORE_TEXT_REFUSED', 400, (why: string) => ({
  says: `A text holds ${why}, which cannot be stored`,
  next: 'Remove that character and send it again',
}))

export const NumberRefused = failure('STORE_NUMBER_REFUSED', 400, (value: string) => ({
  says: `${value} is not a whole number between -(2^53-1) and 2^53-1`,
  next: 'Send whole numbers only',
}))

export const WriteUnknown = failure('STORE_WRITE_UNKNOWN', 500, (name: string) => ({
  says: `The writing process knows no write "${name}"`,
  next: 'Restart all processes of the region, so that they run the same version',
}))

export const WriteTwice = failure('STORE_WRITE_TWICE', 500, (name: string) => ({
  says: `Two writes are named "${name}"`,
  next: 'Name each write after its room and what it does, as in "registry.putManifest"',
}))

export const WriteWandered = failure('STORE_WRITE_WANDERED', 500, (name: string) => ({
  says: `Write "${name}" waited for something other than its transaction and was rolled back`,
  next: 'Fetch what it needs before the write and pass it in as input',
}))

export const WriteCrashed = failure('STORE_WRITE_CRASHED', 500, (name: string, message: string) => ({
  says: `Write "${name}" failed in the writing process: ${message}`,
  next: "Look for this write in the writing process's log; this is a defect, so report it",
}))

export const FrameTooLarge = failure('STORE_FRAME_TOO_LARGE', 413, (bytes: number, limit: number) => ({
  says: `A write of ${bytes} bytes is over the limit of ${limit}`,
  next: 'Send less in one write',
}))

export const WriterRunning = failure('STORE_WRITER_RUNNING', 500, (socket: string) => ({
  says: `Another process already writes this database and listens on ${socket}`,
  next: 'Stop it first: a SQLite file has one writer',
}))

export const ReadOnlyStore = failure('STORE_READ_ONLY', 500, (path: string, name: string) => ({
  says: `${path} was opened for reading only, so "${name}" can't be written`,
  next: 'Open the store that writes',
}))

export const NoPrimaryKey = failure('STORE_NO_PRIMARY_KEY', 500, (table: string) => ({
  says: `Table "${table}" has no primary key, so its rows cannot be read in pages`,
  next: 'Give the table a primary key in a migration',
}))

/** A failure as data, to cross a process boundary. The cause stays behind: it may hold anything. */
export type FailureData = { code: string; status: number; says: string; next: string; detail: Record<string, unknown> }

export function failureData(error: Failure): FailureData {
  const { code, status, message: says, next } = error
  return { code, status, says, next, detail: { ...error.detail } }
}

export function failureFrom({ code, status, says, next, detail }: FailureData): Failure {
  return new Failure(code, status, { says, next, detail })
}
