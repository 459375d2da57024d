import type { Migration } from '../../kernel/index.ts'

/** What was deleted and can be had back: apart from what is live, so that no pull, list or count sees it. */
export const trashMigrations: readonly Migration[] = [
  {
    id: 'registry-trash-1',
    statements: [
      // There while any of the following has a row. keep_for: by the last policy that was known, ms. deletion: the stamp
      // of the newest deletion of the whole repository; '' where there was none.
      `create table trash_repository (
        registry_id {text} not null, repository {text} not null, keep_for {bigint} not null, deletion {text} not null,
        primary key (registry_id, repository)
      ){strict}`,

      // deletion: the stamp of what took it, its own or that of its repository. body last: lists do not read its pages.
      `create table trash_manifest (
        registry_id {text} not null, repository {text} not null, digest {text} not null,
        media_type {text} not null, artifact_type {text} not null, subject {text} not null, size {bigint} not null,
        described {bigint} not null, architecture {text} not null, os {text} not null,
        deletion {text} not null, deleted_at {bigint} not null, deleted_by {text} not null, body {bytes} not null,
        primary key (registry_id, repository, digest)
      ){strict}`,
      'create index trash_manifest_by_time on trash_manifest (registry_id, repository, deleted_at, digest)',
      'create index trash_manifest_by_deletion on trash_manifest (registry_id, repository, deletion, digest)',
      `create index trash_manifest_by_subject on trash_manifest (registry_id, repository, subject, digest)
        where subject <> ''`,

      // Blobs of manifests in the trash: their bytes stay, whatever links they have.
      `create table trash_blob (
        registry_id {text} not null, repository {text} not null, digest {text} not null, blob {text} not null,
        primary key (registry_id, repository, digest, blob)
      ){strict}`,
      'create index trash_blob_by_blob on trash_blob (registry_id, blob)',

      // The indexes that listed a manifest when it went, which list it again once it is back.
      `create table trash_parent (
        registry_id {text} not null, repository {text} not null, digest {text} not null, parent {text} not null,
        primary key (registry_id, repository, digest, parent)
      ){strict}`,

      // One row for each manifest that a tag led to when it was deleted.
      `create table trash_tag (
        registry_id {text} not null, repository {text} not null, name {text} not null, digest {text} not null,
        tagged_at {bigint} not null, deletion {text} not null, deleted_at {bigint} not null, deleted_by {text} not null,
        primary key (registry_id, repository, name, digest)
      ){strict}`,
      'create index trash_tag_by_time on trash_tag (registry_id, repository, deleted_at, name, digest)',
      'create index trash_tag_by_deletion on trash_tag (registry_id, repository, deletion, name, digest)',
      'create index trash_tag_by_digest on trash_tag (registry_id, repository, digest, name)',
    ],
  },
]
