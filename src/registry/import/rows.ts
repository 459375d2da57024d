import { type ReadTx, sql } from '../../kernel/index.ts'
import { type Import, type ImportRef, type ImportState, NO_PROGRESS } from './import.ts'

export type ImportRow = Record<
  'registry_id' | 'id' | 'repository' | 'tags' | 'source_host' | 'source_repository' | 'source_tag' | 'source_digest',
  string
> &
  Record<'by_whom' | 'sealed' | 'digest' | 'done_tag' | 'progress' | 'problems' | 'error', string> &
  Record<'all_tags' | 'force' | 'referrers' | 'plain_http' | 'may_mount' | 'failures' | 'fence', number> &
  Record<'created_at' | 'started_at' | 'updated_at' | 'ended_at', number> & { state: ImportState }

export async function readImport(db: ReadTx, { registryId, id }: ImportRef): Promise<Import | undefined> {
  const row = await db.one<ImportRow>(
    sql`select * from registry_import where registry_id = ${registryId} and id = ${id}`,
  )
  return row && toImport(row)
}

/** The newest first; `before`: the last id of the page before. */
export async function readImports(
  db: ReadTx,
  { registryId, before, limit }: { registryId: string; before?: string | undefined; limit: number },
): Promise<Import[]> {
  // Past all ids.
  const below = before ?? '~'
  const rows = await db.all<ImportRow>(
    sql`select * from registry_import where registry_id = ${registryId} and id < ${below} order by id desc limit ${limit}`,
  )
  return rows.map(toImport)
}

/** Where the bytes of a blob lie that is not whole yet. */
export async function uploadOf(db: ReadTx, { registryId, id }: ImportRef, digest: string): Promise<string | undefined> {
  const row = await db.one<{ upload_id: string }>(sql`select upload_id from registry_import_upload
    where registry_id = ${registryId} and import_id = ${id} and digest = ${digest}`)
  return row?.upload_id
}

export async function uploadsOf(db: ReadTx, { registryId, id }: ImportRef): Promise<string[]> {
  const rows = await db.all<{ upload_id: string }>(sql`select upload_id from registry_import_upload
    where registry_id = ${registryId} and import_id = ${id}`)
  return rows.map(row => row.upload_id)
}

/** Without what is sealed. */
export function toImport(row: ImportRow): Import {
  return {
    registryId: row.registry_id,
    id: row.id,
    source: {
      ...{ host: row.source_host, repository: row.source_repository, tag: row.source_tag },
      ...{ digest: row.source_digest, allTags: row.all_tags === 1 },
    },
    repository: row.repository,
    tags: row.tags === '' ? [] : row.tags.split(' '),
    force: row.force === 1,
    referrers: row.referrers === 1,
    plainHttp: row.plain_http === 1,
    mayMount: row.may_mount === 1,
    by: JSON.parse(row.by_whom) as Import['by'],
    state: row.state,
    failures: row.failures,
    digest: row.digest,
    progress: { ...NO_PROGRESS, ...(JSON.parse(row.progress) as Import['progress']) },
    problems: JSON.parse(row.problems) as Import['problems'],
    error: row.error === '' ? undefined : (JSON.parse(row.error) as Import['error']),
    createdAt: row.created_at,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    endedAt: row.ended_at,
  }
}
