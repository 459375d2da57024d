export { BlobDamaged, BlobStoreFull, BlobUploadLost, HashMismatch } from './blobs/failures.ts'
export { fileBlobs } from './blobs/file-blobs.ts'
export { readAll, TooLargeToHold } from './blobs/read-all.ts'
export { s3Blobs } from './blobs/s3-blobs.ts'
export { BlobStoreRefused, BlobStoreUnreachable, type S3Options } from './blobs/s3-place.ts'
export type {
  BlobKey,
  BlobStore,
  ByteRange,
  ByteSource,
  ContentHash,
  HashAlgorithm,
  Leftover,
  Staging,
  StagingMeta,
} from './blobs/types.ts'
export { type Clock, type Ms, systemClock } from './clock.ts'
export {
  type Blobs,
  type Config,
  ConfigInvalid,
  compareConfig,
  configJsonSchema,
  type Database,
  type Limits,
  type LoadOptions,
  loadConfig,
  type Problem,
  paths,
  ports,
  type RegionConfig,
  type ReloadableKey,
  reloadableKeys,
  type SecretRef,
} from './config/index.ts'
export { nearest } from './config/nearest.ts'
export { keyText } from './config/walk.ts'
export type { Disk, DiskFile } from './disk.ts'
export { Failure, type FailureKind, failure } from './failure.ts'
export {
  appendFeed,
  type Cursor,
  CursorAhead,
  CursorForeign,
  CursorMalformed,
  CursorPruned,
  type FeedEntry,
  FeedEntryTooLarge,
  type FeedPage,
  FeedUnknown,
  feedMigrations,
  feedWrites,
  firstCursor,
  followFeed,
  formatCursor,
  lastCursor,
  type NewFeedEntry,
  newIncarnation,
  openFeed,
  parseCursor,
  pruneFeed,
  readFeed,
  runSequencer,
  type SequencerOptions,
  sequenceOnce,
} from './feed/index.ts'
export { type Hlc, HlcAhead, HlcMalformed, HybridClock, hlcTime, parseHlc } from './hlc.ts'
export {
  type AddressKind,
  AddressRefused,
  AnswerCut,
  AnswerMalformed,
  AnswerTooLarge,
  AuthoritiesUnusable,
  addressKind,
  answerFailure,
  BodyTooLarge,
  bodyChunks,
  CannotListen,
  ClientGone,
  createDeadline,
  createGuard,
  createHttpClient,
  HostResting,
  HostSilent,
  HostUnreachable,
  type HttpAddress,
  type HttpAnswer,
  type HttpAsk,
  type HttpClient,
  type HttpClientOptions,
  type HttpHandler,
  type HttpListen,
  type HttpOptions,
  type HttpServer,
  isClientGone,
  type Proxies,
  readAuthorities,
  readBody,
  requestId,
  SourceBroken,
  sendSource,
  serveHttp,
  type Timeouts,
  type TlsFiles,
  TlsUnusable,
  TooManyRedirects,
  UrlUnusable,
} from './http/index.ts'
export { newId, randomText } from './id.ts'
export {
  addJob,
  createJobs,
  type JobAttempt,
  JobHopeless,
  JobInputTooLarge,
  type JobLog,
  type JobPolicy,
  type JobRow,
  type JobRun,
  type JobState,
  type Jobs,
  type JobsOptions,
  JobUnknown,
  jobMigrations,
  jobWrites,
  type NewJob,
} from './jobs/index.ts'
export { checkLease, dropLease, type Lease, LeaseLost, leaseMigrations, leaseWrites, takeLease } from './lease/lease.ts'
export { createLog, type Log, type LogFields, type LogLevel, type LogOptions, silentLog } from './log.ts'
export {
  type Counter,
  createMetrics,
  type Family,
  type Gauge,
  type Histogram,
  METRICS_TYPE,
  type Metrics,
  mergeMetrics,
} from './metrics.ts'
export { isCode, nodeDisk } from './node-disk.ts'
export { watchProcess } from './process-metrics.ts'
export { hideSecrets, isSecretName, scrub } from './redact.ts'
export { ensureSecret, readSecret, readSecretFile, SecretMissing } from './secrets.ts'
export { type SimClock, simClock } from './sim/clock.ts'
export { type DiskFault, type DiskOperation, SimDisk, type SimDiskOptions, systemError } from './sim/disk.ts'
export { CALM, SimNetwork, SimNetworkDown, type SimWeather } from './sim/network.ts'
export { SimProcess } from './sim/process.ts'
export { createRandom, type Random } from './sim/random.ts'
export { type Simulation, SimulationFailed, type SimulationResult, seeds, simulate } from './sim/simulation.ts'
export { SchemaNewer } from './store/failures.ts'
export { openPostgres, type PostgresOptions } from './store/postgres.ts'
export { type ServeWriterOptions, serveWriter, type Writer } from './store/serve-writer.ts'
export { list, type Sql, type SqlValue, sql } from './store/sql.ts'
export { openSqlite, type SqliteOptions } from './store/sqlite.ts'
export { openSqliteReadOnly } from './store/sqlite-read-only.ts'
export { openSqliteReader, type SqliteReaderOptions } from './store/sqlite-reader.ts'
export { eachRow, insertRow, listTables, type Table } from './store/tables.ts'
export {
  type AnyWrite,
  type Migration,
  type ReadTx,
  type Row,
  type Soon,
  type Store,
  type Tx,
  type Write,
  write,
} from './store/types.ts'
export {
  createOpener,
  createVault,
  type DataKey,
  DataKeyUnknown,
  dataKeys,
  type HomeKeyFacts,
  type KeyManagement,
  localMasterKeys,
  MasterKeyMissing,
  type MasterKeys,
  MasterKeyUnchanged,
  type Opener,
  openSecretFiles,
  prepareRewrap,
  type Rewrap,
  readDataKeys,
  renewMasterKey,
  SealedTextDamaged,
  type SecretFiles,
  trimMasterKeys,
  type Vault,
  VaultLocked,
  vaultMigrations,
  vaultWrites,
} from './vault/index.ts'
