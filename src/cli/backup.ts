import { Command } from 'commander'
import { configOption } from './config-option.ts'
import type { LocalCommands } from './local-commands.ts'

export function backupCommand(local: LocalCommands): Command {
  return new Command('backup')
    .description('Copy everything but secrets to a folder, consistently, while the platform runs or while it does not.')
    .requiredOption('--to <folder>', 'an empty folder, or one that does not exist yet')
    .option('--accept-lost', 'finish also where the bytes of some blobs are gone or damaged', false)
    .addOption(configOption())
    .addHelpText(
      'after',
      `
Examples:
  towpath backup --to /mnt/backups/monday
  TOWPATH_HOME=/srv/towpath towpath backup --to /mnt/backups/monday

Databases come first, each as one moment, then the blobs that they name: as second names of the same files where the
folder is on the same file system, else as checked copies. A backup that was interrupted goes on when it is run again.
Left out: secrets (made anew at the next start) and towpath.yaml.`,
    )
    .action(async (options: { to: string; acceptLost: boolean; config?: string }) => {
      const { to, acceptLost, config: configFile } = options
      process.exitCode = await local.backup({ to, acceptLost, configFile, env: process.env })
    })
}
