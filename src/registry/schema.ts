import type { Migration } from '../kernel/index.ts'
import { sizeMigrations } from './quota/schema.ts'
import { trashMigrations } from './trash/schema.ts'

/**
 * Every key begins with the registry. What a list shows is read in the order of an index, so a page costs what
 * the page costs. Names sort by bytes on both engines.
 */
export const registryMigrations: readonly Migration[] = [
  {
    id: 'registry-001-content',
    statements: [
      // There while it has a manifest or a blob.
      `create table repository (
        registry_id {text} not null, name {text} not null, created_at {bigint} not null,
        primary key (registry_id, name)
      ){strict}`,

      // Bytes that the registry holds, once each, whoever links them.
      `create table blob (
        registry_id {text} not null, digest {text} not null, blob_key {text} not null, size {bigint} not null,
        created_at {bigint} not null,
        primary key (registry_id, digest)
      ){strict}`,
      // A crash leaves a key and asks whether any row has it.
      'create unique index blob_by_key on blob (blob_key)',

      // What a repository may serve. Key and size are the blob row's, repeated so that a pull reads one row.
      // review_at: when to look whether a manifest refers to it; 0 where one does.
      `create table repository_blob (
        registry_id {text} not null, repository {text} not null, digest {text} not null,
        blob_key {text} not null, size {bigint} not null, review_at {bigint} not null,
        primary key (registry_id, repository, digest)
      ){strict}`,
      'create index repository_blob_by_digest on repository_blob (registry_id, digest, repository)',
      'create index repository_blob_in_review on repository_blob (review_at) where review_at > 0',

      // Blobs that lost a link: removed after review_at where no repository links them then.
      `create table blob_review (
        registry_id {text} not null, digest {text} not null, review_at {bigint} not null,
        primary key (registry_id, digest)
      ){strict}`,
      'create index blob_review_due on blob_review (review_at)',

      // body last: the columns before it are read without its pages.
      `create table manifest (
        registry_id {text} not null, repository {text} not null, digest {text} not null,
        media_type {text} not null, artifact_type {text} not null, subject {text} not null, size {bigint} not null,
        created_at {bigint} not null, hlc {text} not null, body {bytes} not null,
        primary key (registry_id, repository, digest)
      ){strict}`,

      // Blobs and manifests that a manifest names and that were here when it came.
      `create table manifest_reference (
        registry_id {text} not null, repository {text} not null, digest {text} not null, target {text} not null,
        primary key (registry_id, repository, digest, target)
      ){strict}`,
      'create index manifest_reference_by_target on manifest_reference (registry_id, repository, target, digest)',

      // Tag rows repeat the media type: with digest and type the cached manifest is found without a second read.
      `create table tag (
        registry_id {text} not null, repository {text} not null, name {text} not null,
        digest {text} not null, media_type {text} not null, updated_at {bigint} not null, hlc {text} not null,
        primary key (registry_id, repository, name)
      ){strict}`,
      'create index tag_by_digest on tag (registry_id, repository, digest, name)',

      // One row a manifest with a subject; descriptor is the JSON that the referrers list shows, length its bytes.
      `create table referrer (
        registry_id {text} not null, repository {text} not null, subject {text} not null, digest {text} not null,
        artifact_type {text} not null, length {bigint} not null, descriptor {text} not null,
        primary key (registry_id, repository, subject, digest)
      ){strict}`,
      'create index referrer_by_type on referrer (registry_id, repository, subject, artifact_type, digest)',

      // A deletion's stamp, so that an older change that comes later does not bring the thing back.
      `create table tombstone (
        registry_id {text} not null, repository {text} not null, kind {text} not null, name {text} not null,
        hlc {text} not null, deleted_at {bigint} not null,
        primary key (registry_id, repository, kind, name)
      ){strict}`,
      'create index tombstone_by_age on tombstone (deleted_at)',

      // While a row's time has not come, no blob row is removed: somebody copies blobs by an older snapshot.
      `create table reclaim_hold (
        holder {text} not null, until {bigint} not null,
        primary key (holder)
      ){strict}`,
    ],
  },
  {
    id: 'registry-002-metadata',
    statements: [
      // Beside the manifest: behind a body of 4 MiB a column is read only with all of the body's pages.
      // described: 0 where what follows is not known yet; describe.ts finds it out in the background.
      `create table manifest_detail (
        registry_id {text} not null, repository {text} not null, digest {text} not null,
        media_type {text} not null, created_at {bigint} not null, updated_at {bigint} not null,
        described {bigint} not null, image_size {bigint} not null, config_media_type {text} not null,
        architecture {text} not null, os {text} not null,
        primary key (registry_id, repository, digest)
      ){strict}`,
      `insert into manifest_detail (registry_id, repository, digest, media_type, created_at, updated_at,
          described, image_size, config_media_type, architecture, os)
        select registry_id, repository, digest, media_type, created_at, created_at, 0, 0, '', '', '' from manifest`,
      'create index manifest_by_time on manifest_detail (registry_id, repository, updated_at, digest)',
      'create index manifest_undescribed on manifest_detail (registry_id, repository, digest) where described = 0',

      // 0 on tags of before: their last change is the earliest that is known of them.
      'alter table tag add column created_at {bigint} not null default 0',
      'create index tag_by_time on tag (registry_id, repository, updated_at, name)',
      'create index tag_by_digest_and_time on tag (registry_id, repository, digest, updated_at, name)',

      // How many there are, but for the rows of count_change: a push adds one there, so no two wait for each other.
      `create table repository_count (
        registry_id {text} not null, repository {text} not null,
        manifests {bigint} not null, tags {bigint} not null, updated_at {bigint} not null,
        primary key (registry_id, repository)
      ){strict}`,
      `insert into repository_count (registry_id, repository, manifests, tags, updated_at)
        select registry_id, name,
          (select count(*) from manifest_detail d where d.registry_id = r.registry_id and d.repository = r.name),
          (select count(*) from tag t where t.registry_id = r.registry_id and t.repository = r.name),
          created_at
        from repository r`,
      `create table count_change (
        registry_id {text} not null, repository {text} not null, id {text} not null,
        manifests {bigint} not null, tags {bigint} not null, made_at {bigint} not null,
        primary key (registry_id, repository, id)
      ){strict}`,
    ],
  },
  {
    id: 'registry-003-attributes',
    statements: [
      // What may be done with a repository (name ''), tag or manifest: a row only for what somebody has set. A field a
      // row, each with its stamp, as each is merged alone.
      `create table attribute (
        registry_id {text} not null, repository {text} not null, kind {text} not null, name {text} not null,
        field {text} not null, enabled {bigint} not null, hlc {text} not null, set_at {bigint} not null,
        primary key (registry_id, repository, kind, name, field)
      ){strict}`,
      // Looked into by every push, pull and list: nothing is in them but what is restricted.
      'create index attribute_off on attribute (registry_id, repository, kind, name) where enabled = 0',
      `create index attribute_unreadable on attribute (registry_id, repository, kind, name)
        where field = 'read' and enabled = 0`,
      `create index attribute_hidden_repository on attribute (registry_id, repository)
        where kind = 'repository' and field = 'list' and enabled = 0`,
      'create index attribute_on on attribute (set_at) where enabled = 1',
    ],
  },
  {
    id: 'registry-004-repositories-by-time',
    statements: ['create index repository_by_time on repository_count (registry_id, updated_at, repository)'],
  },
  {
    id: 'registry-005-untagged',
    statements: [
      // See content/held.ts. pulled_at: when it was pulled last, to an hour; 0: not since this is counted.
      'alter table manifest_detail add column untagged_at {bigint} not null default 0',
      'alter table manifest_detail add column held {bigint} not null default 0',
      'alter table manifest_detail add column pulled_at {bigint} not null default 0',
      'alter table tag add column pulled_at {bigint} not null default 0',
      'alter table repository_count add column pulls {bigint} not null default 0',
      'alter table repository_count add column pulled_at {bigint} not null default 0',
      // When a manifest of before lost its tag nobody wrote down: not later than the last change of its repository.
      `update manifest_detail set untagged_at = (select max(x.at) from (
          select c.updated_at as at from repository_count c where c.registry_id = manifest_detail.registry_id
            and c.repository = manifest_detail.repository
          union all select max(c.made_at) from count_change c where c.registry_id = manifest_detail.registry_id
            and c.repository = manifest_detail.repository
          union all select max(t.updated_at) from tag t where t.registry_id = manifest_detail.registry_id
            and t.repository = manifest_detail.repository
          union all select max(d.updated_at) from manifest_detail d where d.registry_id = manifest_detail.registry_id
            and d.repository = manifest_detail.repository) x)
        where not exists (select 1 from tag t where t.registry_id = manifest_detail.registry_id
          and t.repository = manifest_detail.repository and t.digest = manifest_detail.digest)`,
      `update manifest_detail set held = 1 where exists (select 1 from manifest_reference r
          where r.registry_id = manifest_detail.registry_id and r.repository = manifest_detail.repository
          and r.target = manifest_detail.digest)
        or exists (select 1 from manifest m join manifest s on s.registry_id = m.registry_id
          and s.repository = m.repository and s.digest = m.subject
          where m.registry_id = manifest_detail.registry_id and m.repository = manifest_detail.repository
          and m.digest = manifest_detail.digest)`,
      // What nothing keeps, the longest first.
      `create index manifest_unkept on manifest_detail (registry_id, repository, untagged_at, digest)
        where untagged_at > 0 and held = 0`,
    ],
  },
  ...trashMigrations,
  ...sizeMigrations,
]
