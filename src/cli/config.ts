import { Command, Option } from 'commander'
import { configOption } from './config-option.ts'
import type { LocalCommands } from './local-commands.ts'
import { say, show } from './output.ts'

type Options = { config?: string; output: 'yaml' | 'json' }

export function configCommand(local: LocalCommands): Command {
  const read = (options: Options) => local.readConfig({ configFile: options.config, env: process.env })
  const output = () => new Option('-o, --output <form>').choices(['yaml', 'json']).default('yaml')
  const write = (options: Options, whole: unknown) => show(options, whole, { rows: [], columns: [], empty: '' })

  return new Command('config')
    .description('towpath.yaml says where state is and what listens; TOWPATH_… variables go over it.')
    .addHelpText(
      'after',
      `
Examples:
  towpath config check
  TOWPATH_LISTEN_REGISTRY=6000 towpath config show
  towpath config schema > towpath.schema.json     for editors`,
    )
    .addCommand(
      new Command('check')
        .description('Say whether the configuration is right, and all that is wrong with it.')
        .addOption(configOption())
        .action(async (options: Options) => {
          await read(options)
          say('The configuration is right.')
        }),
    )
    .addCommand(
      new Command('show')
        .description('The configuration in force: file, environment and defaults together. Secrets are references.')
        .addOption(configOption())
        .addOption(output())
        .action(async (options: Options) => write(options, await read(options))),
    )
    .addCommand(
      new Command('schema').description('The JSON Schema of towpath.yaml.').action(async () => {
        await write({ output: 'json' }, await local.configSchema())
      }),
    )
    .addCommand(
      new Command('reloads').description('Which keys are taken up without a restart, and when.').action(async () => {
        const keys = await local.reloadable()
        const columns = [
          { title: 'KEY', text: (row: { key: string; reloads: string }) => row.key },
          { title: 'TAKEN UP', text: (row: { key: string; reloads: string }) => row.reloads },
        ]
        await show({ output: 'table' }, keys, { rows: keys, columns, empty: 'None: every change takes a restart.' })
        say('All other keys take a restart.')
      }),
    )
}
