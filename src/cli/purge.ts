import { Command } from 'commander'
import type { PurgeBody } from '../api/index.ts'
import { apiOptions } from './api-client.ts'
import { UsageWrong } from './az-words.ts'
import { repeated } from './repeated.ts'
import { askSwept, type SweepOptions, showSwept } from './swept.ts'

type Options = SweepOptions & {
  filter: string[]
  ago: string
  keep: string
  untagged?: true
  untaggedOnly?: true
  dryRun?: true
}

/** As `acr purge`, by the rules that policies go by. */
export function purgeCommand(): Command {
  return apiOptions(new Command('purge').description('Take off old tags, and delete what has none, as acr purge.'))
    .addHelpText(
      'after',
      `
Examples:
  towpath repository purge --filter "team/app:^pr-.*" --ago 30d --dry-run
  towpath repository purge --filter "team/.*:.*" --ago 7d --keep 3 --untagged
  towpath repository purge --filter ".*:.*" --ago 1d12h --untagged-only

A filter is two regular expressions: the first stands for whole names of
repositories, the second for any part of a tag. What could mean two things is
refused. Locked and immutable tags stay, and so do signatures of what stays.
Unlike the other commands of this group it asks the platform, not the registry.`,
    )
    .addOption(repeated('--filter <repository:tag>', 'which tags').makeOptionMandatory())
    .requiredOption('--ago <time>', 'what was pushed since then stays: 30d, 1d12h, 90m')
    .option('--keep <n>', 'keep the newest n of those that would go', '0')
    .option('--untagged', 'delete manifests without a tag, too')
    .option('--untagged-only', 'delete manifests without a tag, and leave tags')
    .option('--dry-run', 'say what would go; nothing goes')
    .option('-r, --registry <name>', 'which registry', 'default')
    .option('--region <name>', 'in which region (else the first)')
    .option('--all', 'show what stays, too')
    .action(async (options: Options) => {
      const { filter: filters, untagged, untaggedOnly, dryRun = false } = options
      if (filters.length === 0) throw UsageWrong('Which tags?', 'Write for example --filter "team/app:^pr-.*"')
      const which = { tags: !untaggedOnly, untagged: untagged ?? untaggedOnly ?? false }
      const body: PurgeBody = { filters, ago: agoOf(options.ago), keep: keepOf(options.keep), ...which, dryRun }
      const path = `/api/v1/registries/${encodeURIComponent(options.registry)}/purge`
      await showSwept(options, await askSwept(options, path, body), !dryRun)
    })
}

const UNITS_MS = [24 * 3_600_000, 3_600_000, 60_000, 1000]

/** `2d3h6m`, as ms. */
export function agoOf(text: string): number {
  const parts = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(text)?.slice(1)
  if (!parts || parts.every(part => part === undefined)) {
    throw UsageWrong(`--ago ${text} is no time`, 'Write days, hours, minutes: 30d, 1d12h, 90m')
  }
  return parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (UNITS_MS[i] ?? 0), 0)
}

function keepOf(text: string): number {
  const keep = Number(text)
  if (!Number.isInteger(keep) || keep < 0) throw UsageWrong(`--keep ${text} is no number`, 'Write for example --keep 3')
  return keep
}
