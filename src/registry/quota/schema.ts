import type { Migration } from '../../kernel/index.ts'

/** How many bytes there are: of a repository each blob that it links once, of the registry (repository '') each blob once. */
export const sizeMigrations: readonly Migration[] = [
  {
    id: 'registry-quota-1-sizes',
    statements: [
      // All but the rows of size_change: a push adds one there, so no two wait for each other.
      `create table size_count (
        registry_id {text} not null, repository {text} not null, bytes {bigint} not null,
        primary key (registry_id, repository)
      ){strict}`,
      // linked: of the repository; held: of the registry.
      `create table size_change (
        registry_id {text} not null, repository {text} not null, id {text} not null,
        linked {bigint} not null, held {bigint} not null,
        primary key (registry_id, repository, id)
      ){strict}`,
      `insert into size_count (registry_id, repository, bytes)
        select registry_id, repository, sum(size) from (
          select registry_id, repository, size from repository_blob
          union all select registry_id, repository, size from manifest
          union all select registry_id, '', size from blob
          union all select registry_id, '', size from manifest) s
        group by registry_id, repository`,
    ],
  },
]
