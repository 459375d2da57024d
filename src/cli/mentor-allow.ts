import { Command, Option } from 'commander'
import { say, show } from './output.ts'
import { type Output, outputOptions } from './output-options.ts'

type Options = Output & { yes?: boolean; takeBack?: boolean }

export function allowCommand(): Command {
  return outputOptions(
    new Command('allow').description(
      'What archangel.json says of servers and programs: a model, embeddings, handlers. It holds on this machine once you allowed it, until it changes.',
    ),
    'yaml',
  )
    .addOption(new Option('-y, --yes', 'allow what is shown').conflicts('takeBack'))
    .option('--take-back', 'allow nothing of it any more')
    .addHelpText(
      'after',
      `
A repository that you cloned may name a server that gets your code and your key, or a program
that runs at each event. So it is shown first:
  towpath mentor allow
  towpath mentor allow --yes`,
    )
    .action(async (options: Options) => {
      const { allowConfigs, askedByConfigs, placesOf } = await import('../mentor/index.ts')
      const folder = process.cwd()
      const { state } = placesOf(process.env)
      const change = options.takeBack ? { take: 'back' as const } : {}
      const asked =
        options.yes || options.takeBack
          ? await allowConfigs({ folder, state, ...change })
          : await askedByConfigs(folder)
      await show(options, asked)
      if (asked.length === 0) return say('No archangel.json from here up names a server or a program.')
      if (options.takeBack) return say('Nothing of it is in force here any more.')
      say(options.yes ? 'Allowed, on this machine.' : 'Allow it: towpath mentor allow --yes')
    })
}
