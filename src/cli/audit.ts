import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Command, Option } from 'commander'
import { z } from 'zod'
import {
  type AuditCheck,
  type AuditExportQuery,
  type AuditQuery,
  type AuditRecord,
  auditCheckShape,
  auditHeadShape,
  auditRecordList,
} from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi, streamApi } from './api-client.ts'
import { EXIT } from './exit-codes.ts'
import { AnchorsUnreadable } from './failures.ts'
import { say, show } from './output.ts'

const PATH = '/api/v1/audit'

export function auditCommand(): Command {
  return new Command('audit')
    .description('Who did what to what, and how it ended: chained, signed, and never altered unseen.')
    .addHelpText(
      'after',
      `
Examples:
  towpath audit query --result denied --from 2026-11-01T00:00:00Z
  towpath audit query --resource /tenants/ten_default/resources/reg_01k… --output json
  towpath audit export > audit.jsonl                 keep it where others can't write: its heads are anchors
  towpath audit verify --anchors audit.jsonl         finds what was altered, and a chain that was cut back
  towpath audit export --format ocsf --from 2026-11-01T00:00:00Z | your-siem-forwarder`,
    )
    .addCommand(queryCommand())
    .addCommand(verifyCommand())
    .addCommand(exportCommand())
}

type Filter = {
  tenant: string
  resource?: string
  actor?: string
  action?: string
  result?: AuditQuery['result']
  from?: string
  to?: string
}

function filterOptions(command: Command): Command {
  return apiOptions(command)
    .addOption(tenantOption())
    .option('--resource <name>', 'exactly this one')
    .option('--actor <id>')
    .option('--action <name>', 'as in registry/write')
    .addOption(new Option('--result <result>').choices(['done', 'denied', 'failed']))
    .option('--from <time>', 'as in 2026-11-23T07:00:00Z; included')
    .option('--to <time>', 'not included')
}

function tenantOption(): Option {
  return new Option('--tenant <id>').default('ten_default')
}

function filterQuery({ tenant, resource, actor, action, result, from, to }: Filter): URLSearchParams {
  const given = Object.entries({ tenant, resource, actor, action, result, from, to } satisfies AuditQuery)
  return new URLSearchParams(given.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

type QueryOptions = ApiOptions & Filter & { limit: string; before?: string }

function queryCommand(): Command {
  return filterOptions(new Command('query').description('Entries, the newest first.'))
    .option('--limit <count>', 'of one page, at most 500', '50')
    .option('--before <cursor>', 'go on after an earlier page')
    .action(async (options: QueryOptions) => {
      const query = filterQuery(options)
      query.set('limit', options.limit)
      if (options.before !== undefined) query.set('before', options.before)
      const { records, next } = await callApi(options, { path: `${PATH}?${query}`, answer: auditRecordList })
      await show(
        options,
        { records, next },
        {
          rows: records,
          empty: 'There is none.',
          columns: [
            { title: 'TIME', text: row => new Date(row.time).toISOString() },
            { title: 'ACTOR', text: row => row.actor.id },
            { title: 'ACTION', text: row => row.action },
            { title: 'RESULT', text: row => row.result },
            { title: 'RESOURCE', text: row => row.resource },
            { title: 'SEALED', text: sealed },
          ],
        },
      )
      if (next !== undefined) say(`There may be more: --before ${next}`)
    })
}

function sealed({ sequence }: AuditRecord): string {
  return sequence === 0 ? 'not yet' : String(sequence)
}

type VerifyOptions = ApiOptions & { tenant: string; region: string; anchors?: string }

function verifyCommand(): Command {
  return apiOptions(
    new Command('verify').description('Find what was altered, removed or added before the last signed head.'),
  )
    .addOption(tenantOption())
    .option('--region <name>', 'the chain of this one', 'control')
    .option('--anchors <file>', 'an export that was kept elsewhere: the chain must still hold what its heads say')
    .action(async (options: VerifyOptions) => {
      const anchors = options.anchors === undefined ? [] : await readAnchors(options.anchors, options)
      const found = await verifyAll(options, anchors)
      await show(options, found, {
        rows: [found],
        empty: '',
        columns: [
          { title: 'REGION', text: row => row.region },
          { title: 'CHECKED', text: row => String(row.checked) },
          { title: 'HEAD', text: row => String(row.head?.sequence ?? 'none') },
          { title: 'SIGNED', text: row => (row.head ? new Date(row.head.signedAt).toISOString() : '') },
          { title: 'UNSEALED', text: row => String(row.unsealed) },
          { title: 'ANCHORS', text: () => String(anchors.length) },
          { title: 'PROBLEMS', text: row => String(row.problems.length) },
        ],
      })
      for (const { kind, says } of found.problems) say(`${kind}: ${says}`)
      if (found.problems.length > 0) process.exitCode = EXIT.failed
      else
        say(
          found.unsealed > 0
            ? `No problem found; nothing can be said of ${found.unsealed} unsealed.`
            : 'No problem found.',
        )
    })
}

/** Part after part: a chain may be long, and an answer must not be. */
async function verifyAll(options: VerifyOptions, anchors: readonly string[]): Promise<AuditCheck> {
  const { tenant, region } = options
  let whole: AuditCheck | undefined
  for (let after: string | undefined; ; ) {
    const query = new URLSearchParams({ tenant, region })
    for (const anchor of anchors) query.append('anchor', anchor)
    if (after !== undefined) query.set('after', after)
    const part = await callApi(options, { path: `${PATH}/verify?${query}`, answer: auditCheckShape })
    const before: Pick<AuditCheck, 'checked' | 'problems'> = whole ?? { checked: 0, problems: [] }
    const problems = [...before.problems, ...part.problems]
    whole = { ...part, checked: before.checked + part.checked, problems, next: undefined }
    if (part.next === undefined) return whole
    after = part.next
  }
}

const anchorLine = z.object({
  head: auditHeadShape.pick({ tenantId: true, region: true, sequence: true, hash: true }),
})

/** The heads of this chain at the end of an export. */
async function readAnchors(path: string, { tenant, region }: VerifyOptions): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw AnchorsUnreadable(path, 'it can not be read').from(error)
  })
  const found = text.split('\n').flatMap(line => {
    if (!line.startsWith('{"head":')) return []
    const { head } = anchorLine.parse(JSON.parse(line))
    return head.tenantId === tenant && head.region === region ? [`${head.sequence}:${head.hash}`] : []
  })
  if (found.length === 0) throw AnchorsUnreadable(path, `it has no head of ${tenant} in region "${region}"`)
  return found
}

type ExportOptions = ApiOptions & Filter & { format: NonNullable<AuditExportQuery['format']> }

function exportCommand(): Command {
  return filterOptions(
    new Command('export').description('Sealed entries to stdout, the oldest first, one JSON a line.'),
  )
    .addOption(
      new Option('--format <format>', 'ocsf: events of class API Activity').choices(['jsonl', 'ocsf']).default('jsonl'),
    )
    .action(async (options: ExportOptions) => {
      const query = filterQuery(options)
      query.set('format', options.format)
      const lines = await streamApi(options, `${PATH}/export?${query}`)
      await pipeline(lines, process.stdout, { end: false }).catch(error => {
        // `… | head` wanted no more.
        if (error.code !== 'EPIPE') throw error
      })
    })
}
