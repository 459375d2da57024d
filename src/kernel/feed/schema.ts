import type { Migration } from '../store/types.ts'

/**
 * An entry is inserted with sequence 0 in the transaction of its change, and numbered after the
 * commit: numbers given inside it would become visible out of order, and a reader's cursor skip some.
 */
export const feedMigrations: readonly Migration[] = [
  {
    id: 'kernel-feed-1',
    statements: [
      `create table feed_entry (region_id {text} not null, id {text} not null, sequence {bigint} not null,
        kind {text} not null, registry_id {text} not null, body {text} not null, created_at {bigint} not null,
        primary key (region_id, id)) {strict}`,
      'create index feed_entry_unnumbered on feed_entry (region_id, id) where sequence = 0',
      'create unique index feed_entry_sequence on feed_entry (region_id, sequence) where sequence > 0',
      `create table feed_state (region_id {text} not null primary key, incarnation {text} not null,
        last_sequence {bigint} not null, pruned_sequence {bigint} not null) {strict}`,
    ],
  },
]
