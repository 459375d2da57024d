import { Command } from 'commander'
import type { Importer } from '../mentor/index.ts'
import { limitOption } from './mentor-search.ts'
import { withIndexed } from './mentor-session.ts'
import { show } from './output.ts'
import { type Output, outputOptions } from './output-options.ts'

export function importersCommand(): Command {
  return outputOptions(
    new Command('importers').description('Where the golden repositories import a package, and what of it.'),
  )
    .argument('<import>', 'a package, or the path of a file in its repository')
    .addOption(limitOption())
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor importers node:fs
  towpath mentor importers src/errors.ts`,
    )
    .action((target: string, { limit, ...options }: Output & { limit: number }) =>
      withIndexed(async ({ loaded, library }) => {
        const { formatCitation, importers } = await import('../mentor/index.ts')
        const found = importers(library.index, target, { golden: loaded.config.golden, limit })
        await show(options, found, {
          rows: found,
          empty: 'Nothing imports that by this name.',
          columns: [
            { title: 'IMPORTS', text: ({ names }: Importer) => names.join(', ') },
            { title: 'PLACE', text: formatCitation },
          ],
        })
      }),
    )
}
