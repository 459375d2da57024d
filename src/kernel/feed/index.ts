export { appendFeed, FeedEntryTooLarge, type NewFeedEntry } from './append.ts'
export { type Cursor, CursorMalformed, formatCursor, parseCursor } from './cursor.ts'
export { pruneFeed } from './prune.ts'
export {
  CursorAhead,
  CursorForeign,
  CursorPruned,
  type FeedEntry,
  type FeedPage,
  followFeed,
  readFeed,
} from './read.ts'
export { feedMigrations } from './schema.ts'
export { runSequencer, type SequencerOptions, sequenceOnce } from './sequencer.ts'
export { FeedUnknown, firstCursor, lastCursor, newIncarnation, openFeed } from './state.ts'
export { feedWrites } from './writes.ts'
