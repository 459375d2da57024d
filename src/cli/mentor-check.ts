import { Command, Option } from 'commander'
import type { CheckRun, Finding } from '../mentor/index.ts'
import { clock } from './clock.ts'
import { EXIT } from './exit-codes.ts'
import { untilInterrupt, withMentor } from './mentor-session.ts'
import { say, show } from './output.ts'
import { VERSION } from './version.ts'

type Options = {
  changed?: true | string
  all?: boolean
  format: 'table' | 'sarif' | 'github' | 'json'
  failOn: 'any' | 'never'
}

export function checkCommand(): Command {
  return new Command('check')
    .description('What the mentor would say of changed lines: all of it, in CI or before a push.')
    .argument('[paths...]', 'files and folders; else the whole repository')
    .addOption(
      new Option('--changed [base]', 'lines that differ from the last commit, or since a branch left <base>').conflicts(
        'all',
      ),
    )
    .option('--all', 'all lines of all files')
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['table', 'sarif', 'github', 'json'])
        .default('table'),
    )
    .addOption(
      new Option('--fail-on <what>', 'end with exit code 1: at any place that is not muted, or never')
        .choices(['any', 'never'])
        .default('never'),
    )
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor check                                    what you are about to commit
  towpath mentor check --changed origin/main --format github
  towpath mentor check --changed origin/main --format sarif > mentor.sarif
  towpath mentor check --all src

Without --all it looks at lines that differ from the last commit. The golden repositories have to be
indexed where it runs (towpath mentor index). Muted places are in SARIF, as suppressed, with the reason.`,
    )
    .action((paths: string[], options: Options) =>
      withMentor(async ({ folder, places, library }) => {
        const { runCheck } = await import('../mentor/index.ts')
        const base = typeof options.changed === 'string' ? { base: options.changed } : {}
        const run = await untilInterrupt(signal =>
          runCheck({ folder, paths, all: options.all ?? false, library, state: places.state, clock, signal, ...base }),
        )
        await showRun(options.format, run)
        const open = run.checked.findings.filter(({ mute }) => !mute).length
        if (open > 0 && options.failOn === 'any') process.exitCode = EXIT.failed
      }),
    )
}

async function showRun(format: Options['format'], { checked, ...about }: CheckRun): Promise<void> {
  const { toGithub, toSarif } = await import('../mentor/index.ts')
  const { findings, files, skipped } = checked
  if (format === 'github') process.stdout.write(toGithub(checked))
  else if (format === 'sarif')
    await show({ output: 'json' }, toSarif(checked, { ...about, version: VERSION, now: clock.now() }))
  else await show({ output: format }, checked, { rows: findings, columns: COLUMNS, empty: 'Nothing to say.' })
  for (const { path, why } of skipped) say(`${path} was not looked at: ${why}`)
  const muted = findings.filter(({ mute }) => mute).length
  const said = `${count(findings.length - muted, 'place')}${muted > 0 ? `, and ${muted} muted` : ''}`
  say(`Looked at ${count(files, 'file')} with ${count(about.norms.length, 'norm')}: ${said}.`)
}

const COLUMNS = [
  { title: 'PLACE', text: ({ path, region }: Finding) => `${path}:${region.startLine}:${region.startColumn}` },
  { title: 'NORM', text: ({ norm }: Finding) => norm.id },
  { title: 'ASKS', text: ({ words, mute }: Finding) => (mute ? `muted: ${mute.reason}` : words.nudge) },
]

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`
}
