import { failure, type Ms } from '../../kernel/index.ts'

export const ImportUnknown = failure('IMPORT_UNKNOWN', 404, (id: string) => ({
  says: `There is no import ${id.slice(0, 100)} in this region (any more)`,
  next: 'List them: towpath import list',
}))

export const TooManyImports = failure('IMPORT_LIMIT', 409, (most: number) => ({
  says: `The registry has ${most} imports that have not ended, which is the most`,
  next: 'Wait until some have ended, or cancel those that nobody needs: towpath import list',
}))

/** Which of the tags, the first few. */
export const TagsTaken = failure('IMPORT_TAGS_TAKEN', 409, (repository: string, tags: readonly string[]) => ({
  says: `${tags.length === 1 ? 'A tag leads' : `${tags.length} tags lead`} to something else in ${repository} here: ${some(tags)}`,
  next: 'Import under another name, or move what is there: --force',
}))

export const SourceSlow = failure('IMPORT_SOURCE_SLOW', 504, (host: string, ms: Ms) => ({
  says: `${host} brought next to nothing in ${Math.round(ms / 60_000)} minutes`,
  next: 'It is tried again, from where it is; if it stays so, see what lies between here and there',
}))

export const BlobOversized = failure('IMPORT_BLOB_TOO_LARGE', 413, (digest: string, size: number, limit: number) => ({
  says: `Blob ${digest} has ${size} bytes by its manifest, and ${limit} are the most that is taken`,
  next: 'Have limits.blobBytes raised',
}))

export const TriedLongEnough = failure('IMPORT_NOT_DONE', 504, (days: number) => ({
  says: `The import was not done after ${days} days`,
  next: 'Start it again: what is here is not fetched again',
}))

export const NothingComes = failure('IMPORT_CUT_OFF', 500, () => ({
  says: 'The process that worked on it died at each of several tries',
  next: 'See the log of the region for what killed it; then start it again: what is here is not fetched again',
}))

export const RegistryGone = failure('IMPORT_REGISTRY_GONE', 404, () => ({
  says: 'The registry that it goes to is deleted',
  next: 'Make a registry, and import into that',
}))

export const SomeTagsFailed = failure('IMPORT_TAGS_FAILED', 409, (failed: readonly string[], done: number) => ({
  says: `${failed.length === 1 ? 'One tag' : `${failed.length} tags`} could not be imported (${some(failed)}); ${done} could`,
  next: 'See why: towpath import show <id> -o json. Started again, what is here is not fetched again',
}))

export const TooManyTagsFailed = failure('IMPORT_TAGS_FAILED', 409, (failed: readonly string[]) => ({
  says: `${failed.length} tags could not be imported (${some(failed)}), so the others were not tried`,
  next: 'See why: towpath import show <id> -o json. Started again, what is here is not fetched again',
}))

function some(names: readonly string[]): string {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`
}
