import { Command } from 'commander'
import { configOption } from './config-option.ts'
import type { LocalCommands } from './local-commands.ts'

export function restoreCommand(local: LocalCommands): Command {
  return new Command('restore')
    .description('Bring a backup to life in an empty home, or in the empty schemas that the configuration names.')
    .requiredOption('--from <folder>', 'the folder of a finished backup')
    .addOption(configOption())
    .addHelpText(
      'after',
      `
Examples:
  TOWPATH_HOME=/srv/new towpath restore --from /mnt/backups/monday
  towpath restore --from ./monday --config postgres.yaml      from SQLite to Postgres, or back

Hashes are checked before anything is written and while blobs are copied. The regions must have the names that they had.
Afterwards start it with towpath up: passwords are those of the backup, clients sign in anew, and the change feed begins
a new incarnation, so nobody takes it for the one that went on after the backup.`,
    )
    .action(async (options: { from: string; config?: string }) => {
      process.exitCode = await local.restore({ from: options.from, configFile: options.config, env: process.env })
    })
}
