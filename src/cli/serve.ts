import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { configOption } from './config-option.ts'
import type { LocalCommands } from './local-commands.ts'

type Options = { config?: string; region?: string; node?: number; supervised?: boolean }

export function serveCommand(local: LocalCommands): Command {
  return new Command('serve')
    .description(
      'Run one role alone, under a supervisor of your own. All share one configuration and, on SQLite, one home.',
    )
    .addArgument(new Argument('<role>').choices(['control', 'writer', 'region']))
    .addOption(configOption())
    .option('--region <name>', 'which region (default: the first)')
    .option('--node <number>', 'which of the nodes of the region, from 0', count, 0)
    .addOption(new Option('--supervised', 'stop when the process that started this one says so or is gone').hideHelp())
    .addHelpText(
      'after',
      `
Examples:
  towpath serve control
  towpath serve writer --region home           only where the region's database is SQLite
  towpath serve region --region home --node 0`,
    )
    .action(async (role: 'control' | 'writer' | 'region', options: Options) => {
      const { config: configFile, region, supervised } = options
      const node = role === 'region' ? options.node : undefined
      process.exitCode = await local.serve(role, { configFile, region, node, supervised, env: process.env })
    })
}

function count(text: string): number {
  if (!/^[0-9]{1,2}$/.test(text)) throw new InvalidArgumentError('a number from 0 to 99')
  return Number(text)
}
