import { Command } from 'commander'
import { configOption } from './config-option.ts'
import type { LocalCommands } from './local-commands.ts'
import { say, show } from './output.ts'
import { type Output, outputOptions } from './output-options.ts'

type Options = Output & { config?: string }

export function configCommand(local: LocalCommands): Command {
  const read = (options: { config?: string }) => local.readConfig({ configFile: options.config, env: process.env })

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
        .action(async (options: { config?: string }) => {
          await read(options)
          say('The configuration is right.')
        }),
    )
    .addCommand(
      outputOptions(new Command('show'), 'yaml')
        .description('The configuration in force: file, environment and defaults together. Secrets are references.')
        .addOption(configOption())
        .action(async (options: Options) => show(options, await read(options))),
    )
    .addCommand(
      new Command('schema').description('The JSON Schema of towpath.yaml.').action(async () => {
        await show({ output: 'json' }, await local.configSchema())
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
