import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { FileUnwritable } from './failures.ts'
import { say, show } from './output.ts'

type Options = { output: 'html' | 'json'; query?: string; to?: string }

export function reportCommand(): Command {
  return new Command('report')
    .description('A team’s page out of CI’s SARIF: fading habits, disputed norms, golden files. Never of one person.')
    .argument('<sarif...>', 'files of towpath mentor check --format sarif, or folders of them')
    .addOption(new Option('-o, --output <form>', 'how it is written').choices(['html', 'json']).default('html'))
    .option('--query <jmespath>', 'what of the data (that of -o json); see jmespath.org')
    .option('--to <file>', 'where the page is written; else to stdout')
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor report sarif/ --to team.html
  towpath mentor report sarif/ --query 'habits[?trend==\`fading\`].norm'

Keep what CI's runs of "towpath mentor check --format sarif" wrote in one folder, some weeks of it.`,
    )
    .action(async (paths: string[], options: Options) => {
      const { makeReport, readLogs, toHtml } = await import('../mentor/index.ts')
      const report = makeReport(await readLogs(paths))
      for (const { file, why } of report.left) say(`${file} ${why}; it is left out.`)
      const { query, to } = options
      if (options.output === 'json' || query !== undefined) {
        return show({ output: 'json', ...(query === undefined ? {} : { query }) }, report)
      }
      if (to === undefined) return void process.stdout.write(toHtml(report))
      await writeFile(to, toHtml(report)).catch(error => {
        throw FileUnwritable(to, String(error.code ?? error)).from(error)
      })
      say(`Wrote ${to}: ${report.runs} runs.`)
    })
}
