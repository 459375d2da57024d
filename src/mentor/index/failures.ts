import { failure } from '../../kernel/index.ts'

export const IndexDamaged = failure('MENTOR_INDEX_DAMAGED', 500, (path: string, why: string) => ({
  says: `The index ${path} is damaged: ${why}`,
  next: 'Run "towpath mentor repair": what can be made again is, and nothing of yours is in it',
}))

export const IndexFull = failure('MENTOR_INDEX_FULL', 507, (dir: string) => ({
  says: `There is no space left for the index in ${dir}; what was indexed before is whole`,
  next: 'Free some, or name another folder by TOWPATH_MENTOR_CACHE, and refresh: it goes on where it stopped',
}))

export const IndexBusy = failure('MENTOR_INDEX_BUSY', 409, (who: string) => ({
  says: `Another process is indexing: ${who}`,
  next: 'Wait for it; what it indexes is there for all projects. If it hangs, end it',
}))

export const IndexUnwritable = failure('MENTOR_INDEX_UNWRITABLE', 500, (dir: string, why: string) => ({
  says: `The index in ${dir} can't be written: ${why}`,
  next: 'Make the folder writable, or name another one by TOWPATH_MENTOR_CACHE',
}))

export const IndexerEnded = failure('MENTOR_INDEXER_ENDED', 500, (why: string) => ({
  says: `The indexing thread ended before its work did: ${why}`,
  next: 'Refresh again: it goes on where it stopped. If it ends at the same file again, exclude that file',
}))

export const TooManyFiles = failure('MENTOR_TOO_MANY_FILES', 413, (most: number) => ({
  says: `The repository has more than ${most} files`,
  next: 'Name the folders that are worth learning from in its "include" in archangel.json',
}))

export const FilesFaulty = failure('MENTOR_FILES_FAULTY', 500, (count: number, path: string, why: string) => ({
  says: `${count} files could not be analysed and are left out; the first is ${path}: ${why}`,
  next: 'The others are indexed. Exclude these in archangel.json, or report it as a fault of Towpath',
}))
