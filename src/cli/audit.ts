import { pipeline } from 'node:stream/promises'
import { Command, Option } from 'commander'
import { type AuditExportQuery, type AuditQuery, type AuditRecord, auditRecordList } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi, type SignInOptions, signInOptions, streamApi } from './api-client.ts'
import { PATH, regionOption, verifyCommand } from './audit-verify.ts'
import { tenantOption } from './in-tenant.ts'
import { say, show, timeText } from './output.ts'

export function auditCommand(): Command {
  return new Command('audit')
    .description('Who did what to what, and how it ended: chained, signed, and never altered unseen.')
    .addHelpText(
      'after',
      `
Examples:
  towpath audit query --result denied --from 2026-11-01T00:00:00Z
  towpath audit query --resource /tenants/ten_default/resources/reg_01k… --output json
  towpath audit query --region home --resource /tenants/ten_default/resources/reg_default/repositories/team/app
  towpath audit verify --all-regions                 every chain of the tenant, by what the other databases know of it
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
  region: string
  resource?: string
  actor?: string
  action?: string
  result?: AuditQuery['result']
  from?: string
  to?: string
}

function filterOptions(command: Command): Command {
  return command
    .addOption(tenantOption())
    .addOption(regionOption())
    .option('--resource <name>', 'exactly this one')
    .option('--actor <id>', 'who did it')
    .option('--action <name>', 'as in registry/write')
    .addOption(new Option('--result <result>', 'how it ended').choices(['done', 'denied', 'failed']))
    .option('--from <time>', 'from then on, as in 2026-11-23T07:00:00Z')
    .option('--to <time>', 'before then')
}

function filterQuery({ tenant, region, resource, actor, action, result, from, to }: Filter): URLSearchParams {
  const given = Object.entries({ tenant, region, resource, actor, action, result, from, to } satisfies AuditQuery)
  return new URLSearchParams(given.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

type QueryOptions = ApiOptions & Filter & { limit: string; before?: string }

function queryCommand(): Command {
  return filterOptions(apiOptions(new Command('query').description('Entries, the newest first.')))
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
            { title: 'TIME', text: row => timeText(row.time) },
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

type ExportOptions = SignInOptions & Filter & { format: NonNullable<AuditExportQuery['format']> }

function exportCommand(): Command {
  return filterOptions(
    signInOptions(new Command('export').description('Sealed entries to stdout, the oldest first, one JSON a line.')),
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
