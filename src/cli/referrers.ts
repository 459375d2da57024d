import { Command, Option } from 'commander'
import {
  type Finding,
  type Referrer,
  type ReportSummary,
  reportShape,
  type SupplyChain,
  severityShape,
  supplyChainShape,
} from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { type Named, UsageWrong } from './az-words.ts'
import { say, show, timeText } from './output.ts'
import { namedBy } from './repository-calls.ts'

type Options = ApiOptions & Pick<Named, 'registry'> & { region?: string }

const referrerColumns = [
  { title: 'KIND', text: (row: Referrer) => row.kind },
  { title: 'FORMAT', text: (row: Referrer) => row.format || row.artifactType },
  { title: 'DIGEST', text: (row: Referrer) => row.digest },
  { title: 'SAYS', text: saysText },
  { title: 'CREATED', text: (row: Referrer) => timeText(row.createdAt) },
]

/** As `az acr manifest list-referrers`; with what a trust policy says of it. */
export function listReferrersCommand(): Command {
  const description = 'Signatures and who verifies them, SBOMs, reports.'
  return options('list-referrers', description, '<repository:tag>').action(async (image: string, options: Options) => {
    const { repository, tag, digest } = namedBy({ image })
    const asked = { repository, digest: digest ?? tag ?? '' }
    const whole = await referrersOf(options, asked)
    const empty = 'Nothing refers to it.'
    await show(options, whole, { rows: whole.referrers, columns: referrerColumns, empty })
    for (const one of whole.trust) {
      const found = one.verified ? `verified by key "${one.key}"` : 'finds no signature by its keys'
      say(`Trust policy "${one.policy}" ${found}${one.verified || !one.refuse ? '' : '; pulls are refused'}.`)
    }
  })
}

async function referrersOf(options: Options, asked: { repository: string; digest: string }): Promise<SupplyChain> {
  const page = (last: string) =>
    callApi(options, { path: pathOf(options, 'supply-chain', { ...asked, last }), answer: supplyChainShape })
  const whole = await page('')
  for (let last = whole.next; last !== undefined; ) {
    const { referrers, next } = await page(last)
    whole.referrers.push(...referrers)
    last = next
  }
  const { next: _, ...rest } = whole
  return rest
}

const findingColumns = [
  { title: 'SEVERITY', text: (row: Finding) => row.severity },
  { title: 'ID', text: (row: Finding) => row.id },
  { title: 'PACKAGE', text: (row: Finding) => row.package || row.location },
  { title: 'VERSION', text: (row: Finding) => row.version },
  { title: 'FIXED', text: (row: Finding) => row.fixedVersion },
  { title: 'TITLE', text: (row: Finding) => row.title },
]

type ReportOptions = Options & { severity?: string; after?: string; limit: string }

export function showReportCommand(): Command {
  return options('show-report', 'What a vulnerability report found, the worst first.', '<repository@digest>')
    .addOption(new Option('--severity <severity>', 'only these').choices(severityShape.options))
    .option('--after <number>', 'go on after so many')
    .option('--limit <number>', 'at most so many', '100')
    .action(async (image: string, options: ReportOptions) => {
      const { repository, digest } = namedBy({ image })
      if (digest === undefined) {
        throw UsageWrong('A report is named by its digest', 'Write <name>@<digest>, as list-referrers shows it')
      }
      const { severity, after, limit } = options
      const asked = {
        repository,
        report: digest,
        limit,
        ...(severity ? { severity } : {}),
        ...(after ? { after } : {}),
      }
      const report = await callApi(options, {
        path: pathOf(options, 'supply-chain/report', asked),
        answer: reportShape,
      })
      const empty = 'It found nothing of the kind.'
      await show(options, report, { rows: report.findings, columns: findingColumns, empty })
      const { tool, toolVersion, createdAt } = report.summary
      say(
        `${[tool || 'An unnamed tool', toolVersion, createdAt].filter(Boolean).join(' ')}: ${countText(report.summary)}`,
      )
      if (report.next !== undefined) say(`There are more: --after ${report.next}`)
    })
}

function options(name: string, description: string, word: string): Command {
  return apiOptions(new Command(name).description(description))
    .argument(word)
    .option('-r, --registry <name>', 'which registry', 'default')
    .option('--region <name>', 'as which region has it (else the first)')
}

function pathOf({ registry, region }: Options, what: string, query: Record<string, string>): string {
  const text = new URLSearchParams({ ...query, ...(region === undefined ? {} : { region }) })
  return `/api/v1/registries/${encodeURIComponent(registry)}/${what}?${text}`
}

function saysText({ signatures, predicateTypes, report, problem }: Referrer): string {
  const signed = signatures.map(({ keys, why, signer }) =>
    [keys.length > 0 ? `verified by ${keys.join(' ')}` : why, ...(signer ? [`(${signer.subject})`] : [])].join(' '),
  )
  return [...predicateTypes, ...new Set(signed), ...(report ? [countText(report)] : []), problem]
    .filter(Boolean)
    .join('; ')
}

function countText({ counts, dismissed }: ReportSummary): string {
  const found = severityShape.options.filter(one => counts[one] > 0).map(one => `${counts[one]} ${one}`)
  const left = dismissed > 0 ? `, ${dismissed} dismissed` : ''
  return `${found.length === 0 ? 'nothing found' : found.join(', ')}${left}`
}
