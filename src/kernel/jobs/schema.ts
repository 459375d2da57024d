import type { Migration } from '../store/types.ts'

/**
 * `due_at` of a running job is the end of its lease, so one condition finds what is due and what was
 * abandoned. `again`: it was added once more while it ran. Jobs that are done are deleted.
 */
export const jobMigrations: readonly Migration[] = [
  {
    id: 'kernel-job-1',
    statements: [
      `create table job (id {text} not null primary key, kind {text} not null, key {text} not null,
        input {text} not null, state {text} not null, attempts {bigint} not null, fence {bigint} not null,
        owner {text} not null, due_at {bigint} not null, again {bigint} not null, created_at {bigint} not null,
        updated_at {bigint} not null, last_error {text} not null, unique (kind, key)) {strict}`,
      `create index job_due on job (due_at) where state <> 'dead'`,
      'create index job_state on job (state, id)',
    ],
  },
]
