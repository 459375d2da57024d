import { Command } from 'commander'
import { configOption } from './config-option.ts'
import type { LocalCommands } from './local-commands.ts'
import { programName } from './program-name.ts'

export function upCommand(local: LocalCommands): Command {
  return new Command('up')
    .description('Run the whole platform on this machine, in the foreground, until Ctrl-C or SIGTERM.')
    .addOption(configOption())
    .addHelpText(
      'after',
      `
Examples:
  towpath up
  TOWPATH_HOME=/srv/towpath towpath up              where the data is (default ./.towpath)
  TOWPATH_ADMIN_PASSWORD=… towpath up               the first admin password, for unattended installs
  TOWPATH_LISTEN_REGISTRY=6000 towpath up           other ports

What it does: one control process, and for each region a writer and its nodes. What dies is started again.`,
    )
    .action(async (options: { config?: string }) => {
      const parts = { configFile: options.config, env: process.env, command: programName() }
      process.exitCode = await local.up(parts)
    })
}
