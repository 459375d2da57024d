import type { Command } from 'commander'
import type { z } from 'zod'
import { type RestoreBody, type Restored, restoredShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import type { Named as NamedOptions } from './az-words.ts'
import { say, show } from './output.ts'
import { type Named, namedBy } from './repository-calls.ts'

export type DeletedOptions = ApiOptions & Pick<NamedOptions, 'registry'> & { region?: string }

/** What all of these commands take: they ask the API, not the registry, which has no words for what was deleted. */
export function deletedOptions(command: Command): Command {
  return apiOptions(command)
    .option('-r, --registry <name>', 'which registry', 'default')
    .option('--region <name>', 'of which region (else the first)')
}

/** `team/app`, `team/app:v1` or `team/app@sha256:…`. */
export function wordOf(text: string): Named {
  return namedBy(/[:@]/.test(text) ? { image: text } : { repository: text })
}

export function deletedPath(
  { registry, region }: DeletedOptions,
  rest: string,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries({ region, ...query }).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const text = given.length === 0 ? '' : `?${new URLSearchParams(given)}`
  return `/api/v1/registries/${encodeURIComponent(registry)}/repositories/deleted${rest}${text}`
}

/** All pages. */
export async function allDeleted<P extends { next?: string | undefined }, T>(
  options: DeletedOptions,
  pathAfter: (last: string | undefined) => string,
  { answer, rowsOf }: { answer: z.ZodType<P>; rowsOf: (page: P) => T[] },
): Promise<T[]> {
  const rows: T[] = []
  for (let last: string | undefined; ; ) {
    const page = await callApi(options, { path: pathAfter(last), answer })
    rows.push(...rowsOf(page))
    if (page.next === undefined) return rows
    last = page.next
  }
}

export async function restoreDeleted(options: DeletedOptions, repository: string, body: RestoreBody): Promise<void> {
  const path = deletedPath(options, '/restore', { repository })
  const done = await callApi(options, { method: 'POST', path, body, answer: restoredShape })
  const columns = [
    { title: 'MANIFESTS', text: (row: Restored) => String(row.manifests) },
    { title: 'TAGS', text: (row: Restored) => String(row.tags) },
    { title: 'TAGS IN USE', text: (row: Restored) => row.inUse.join(' ') },
    { title: 'INCOMPLETE', text: (row: Restored) => row.incomplete.join(' ') },
  ]
  await show(options, done, { rows: [done], columns, empty: '' })
  if (done.manifests + done.tags === 0) say('Nothing of it is in the trash: what is there is here already.')
  if (done.inUse.length > 0) say('These tags lead elsewhere now, or are locked; --force moves those that are not.')
  if (done.incomplete.length > 0) say('Something that these manifests need is gone for good; they stay in the trash.')
  if (done.more) say('The rest comes back in the background; the same command again tells how far it is.')
}
