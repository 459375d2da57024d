import { addJob, sql, type Tx, write } from '../../kernel/index.ts'
import { recordContent } from '../content/record-content.ts'
import { ImportUnknown, TooManyImports } from './failures.ts'
import {
  type Import,
  type ImportAsked,
  type ImportError,
  type ImportProblem,
  type ImportProgress,
  type ImportRef,
  NO_PROGRESS,
} from './import.ts'
import { type ImportRow, readImport, toImport } from './rows.ts'

export const IMPORT_JOB = 'registry.import'

/** Of one registry: those that wait or run, and those that are shown after their end. */
export const MOST_UNENDED = 100
export const KEPT = 500

type Start = { region: string; asked: ImportAsked; sealed: string }

/** The same id again is the same import: the answer to the first attempt was lost. */
const start = write('imports.start', async (tx, { region, asked, sealed }: Start): Promise<Import> => {
  const held = await readImport(tx, asked)
  if (held) return held
  const { registryId, id, source, by, repository } = asked
  const unended = await tx.one<{ count: number }>(sql`select count(*) as count from registry_import
    where registry_id = ${registryId} and ended_at = 0`)
  if ((unended?.count ?? 0) >= MOST_UNENDED) throw TooManyImports(MOST_UNENDED)
  const now = tx.clock.now()
  await tx.run(sql`insert into registry_import (registry_id, id, repository, tags, source_host, source_repository,
      source_tag, source_digest, all_tags, force, referrers, plain_http, may_mount, by_whom, sealed, state, fence,
      failures, digest, done_tag, progress, problems, error, created_at, started_at, updated_at, ended_at)
    values (${registryId}, ${id}, ${repository}, ${asked.tags.join(' ')}, ${source.host}, ${source.repository},
      ${source.tag}, ${source.digest}, ${bit(source.allTags)}, ${bit(asked.force)}, ${bit(asked.referrers)},
      ${bit(asked.plainHttp)}, ${bit(asked.mayMount)}, ${JSON.stringify(by)}, ${sealed}, 'waiting', 0, 0, '', '',
      ${JSON.stringify(NO_PROGRESS)}, '[]', '', ${now}, 0, ${now}, 0)`)
  await trim(tx, registryId)
  await addJob(tx, { kind: IMPORT_JOB, key: `${registryId}/${id}`, input: { registryId, id } })
  const name = source.allTags ? ' (all tags)' : source.digest === '' ? `:${source.tag}` : `@${source.digest}`
  const detail = { import: id, source: `${source.host}/${source.repository}${name}`, force: asked.force }
  await recordContent(tx, { ...by, region }, asked, { action: 'registry/content/write', detail })
  return mustRead(tx, asked)
})

/** Of the process whose job it is. An older one whose job was taken over changes nothing any more. */
type Held = ImportRef & { readonly fence: number }
export type Taken = { readonly one: Import; readonly sealed: string; readonly doneTag: string }

/** Begins a try; null where it has ended. Counted as a failure until something comes: a process that dies leaves it so. */
const take = write('imports.take', async (tx, { registryId, id, fence }: Held): Promise<Taken | null> => {
  const row = await tx.one<ImportRow>(sql`select * from registry_import
    where registry_id = ${registryId} and id = ${id}`)
  if (!row || row.ended_at > 0 || row.fence > fence) return null
  const now = tx.clock.now()
  await tx.run(sql`update registry_import set state = 'running', fence = ${fence}, failures = failures + 1,
      started_at = case when started_at = 0 then cast(${now} as bigint) else started_at end, updated_at = ${now}
    where registry_id = ${registryId} and id = ${id}`)
  return { one: toImport(row), sealed: row.sealed, doneTag: row.done_tag }
})

/** How far it is. */
export type ImportReport = {
  readonly progress: ImportProgress
  readonly digest: string
  readonly doneTag: string
  readonly problems: readonly ImportProblem[]
}

/** `moved`: something came. False where it is no longer this process's: canceled, or taken over. */
const report = write('imports.report', async (tx, { moved, ...now }: Held & ImportReport & { moved: boolean }) => {
  const changed = await tx.run(sql`update registry_import set progress = ${JSON.stringify(now.progress)},
      digest = ${now.digest}, done_tag = ${now.doneTag}, problems = ${JSON.stringify(now.problems)},
      failures = case when cast(${bit(moved)} as bigint) = 1 then 0 else failures end, updated_at = ${tx.clock.now()}
    where registry_id = ${now.registryId} and id = ${now.id} and fence = ${now.fence} and state = 'running'`)
  return changed > 0
})

/** Another try follows. Without an error this one was cut short by the end of the process, and does not count. */
const postpone = write(
  'imports.postpone',
  async (tx, { error, ...held }: Held & { error: ImportError | null }): Promise<null> => {
    const uncounted = error === null ? 1 : 0
    await tx.run(sql`update registry_import set state = 'waiting', updated_at = ${tx.clock.now()},
        error = ${error === null ? '' : JSON.stringify(error)},
        failures = case when failures > 0 then failures - cast(${uncounted} as bigint) else 0 end
      where registry_id = ${held.registryId} and id = ${held.id} and fence = ${held.fence} and state = 'running'`)
    return null
  },
)

/** Its end: nobody needs the credentials any more. */
const settle = write(
  'imports.settle',
  async (tx, { error, ...held }: Held & { error: ImportError | null }): Promise<null> => {
    const now = tx.clock.now()
    await tx.run(sql`update registry_import set state = ${error === null ? 'succeeded' : 'failed'}, sealed = '',
        error = ${error === null ? '' : JSON.stringify(error)}, updated_at = ${now}, ended_at = ${now}
      where registry_id = ${held.registryId} and id = ${held.id} and fence = ${held.fence} and state = 'running'`)
    return null
  },
)

type Cancel = ImportRef & { region: string; by: ImportAsked['by'] }

/** What has ended stays as it is. What came stays here; the job sees that it is over, and tidies up. */
const cancel = write('imports.cancel', async (tx, { registryId, id, region, by }: Cancel): Promise<Import> => {
  const one = await mustRead(tx, { registryId, id })
  if (one.endedAt > 0) return one
  const now = tx.clock.now()
  await tx.run(sql`update registry_import set state = 'canceled', sealed = '', updated_at = ${now}, ended_at = ${now}
    where registry_id = ${registryId} and id = ${id}`)
  const detail = { import: id, canceled: true }
  await recordContent(tx, { ...by, region }, one, { action: 'registry/content/write', detail })
  return mustRead(tx, one)
})

type Upload = ImportRef & { digest: string; uploadId: string }

/** Before the first byte: a process that dies finds what came. */
const keepUpload = write('imports.keep-upload', async (tx, { registryId, id, digest, uploadId }: Upload) => {
  await tx.run(sql`insert into registry_import_upload (registry_id, import_id, digest, upload_id)
    values (${registryId}, ${id}, ${digest}, ${uploadId})
    on conflict (registry_id, import_id, digest) do update set upload_id = excluded.upload_id`)
  return null
})

const forgetUpload = write(
  'imports.forget-upload',
  async (tx, { registryId, id, uploadId }: Omit<Upload, 'digest'>) => {
    await tx.run(sql`delete from registry_import_upload
    where registry_id = ${registryId} and import_id = ${id} and upload_id = ${uploadId}`)
    return null
  },
)

export const importWrites = [start, take, report, postpone, settle, cancel, keepUpload, forgetUpload]
export const imports = { start, take, report, postpone, settle, cancel, keepUpload, forgetUpload } as const

async function trim(tx: Tx, registryId: string): Promise<void> {
  const beyond = await tx.one<{ id: string }>(sql`select id from registry_import
    where registry_id = ${registryId} and ended_at > 0 order by id desc limit 1 offset ${KEPT}`)
  if (!beyond) return
  await tx.run(sql`delete from registry_import
    where registry_id = ${registryId} and ended_at > 0 and id <= ${beyond.id}`)
}

async function mustRead(tx: Tx, ref: ImportRef): Promise<Import> {
  const held = await readImport(tx, ref)
  if (!held) throw ImportUnknown(ref.id)
  return held
}

function bit(flag: boolean): number {
  return flag ? 1 : 0
}
