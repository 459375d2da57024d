import type { Migration } from '../../kernel/index.ts'

/** Of a region's database. */
export const importMigrations: readonly Migration[] = [
  {
    id: 'registry-import-1',
    statements: [
      // What somebody asked to be brought here, and how far it is. sealed: the source's credentials, '' where there are
      // none and once it has ended. done_tag: the last tag of a whole repository that is here. progress, problems, error: JSON.
      `create table registry_import (
        registry_id {text} not null, id {text} not null, repository {text} not null, tags {text} not null,
        source_host {text} not null, source_repository {text} not null, source_tag {text} not null,
        source_digest {text} not null, all_tags {bigint} not null, force {bigint} not null,
        referrers {bigint} not null, plain_http {bigint} not null, may_mount {bigint} not null,
        by_whom {text} not null, sealed {text} not null, state {text} not null, fence {bigint} not null,
        failures {bigint} not null, digest {text} not null, done_tag {text} not null, progress {text} not null,
        problems {text} not null, error {text} not null, created_at {bigint} not null, started_at {bigint} not null,
        updated_at {bigint} not null, ended_at {bigint} not null,
        primary key (registry_id, id)
      ){strict}`,
      'create index registry_import_unended on registry_import (registry_id, id) where ended_at = 0',

      // Where the bytes of a blob lie that is not whole yet.
      `create table registry_import_upload (
        registry_id {text} not null, import_id {text} not null, digest {text} not null, upload_id {text} not null,
        primary key (registry_id, import_id, digest)
      ){strict}`,
    ],
  },
]
