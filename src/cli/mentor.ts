import { Command, Option } from 'commander'
import { allowCommand } from './mentor-allow.ts'
import { initCommand } from './mentor-init.ts'
import { reportCommand } from './mentor-report.ts'
import { schemaCommand } from './mentor-schema.ts'
import { serveMentor } from './mentor-serve.ts'

/** Each loads the mentor when it runs: `--help` pays for no grammar. */
export function mentorCommand(): Command {
  return new Command('mentor')
    .description(
      'A mentor in the editor and in CI: mines norms from the golden repositories that archangel.json names. Offline; no server, no account.',
    )
    .option('--stdio', 'serve an editor over standard input and output; so it does on a pipe anyway')
    .addOption(parentOption())
    .action(async ({ stdio }: { stdio?: boolean }, command: Command) => {
      if (process.stdin.isTTY && !stdio) command.help()
      await serveMentor()
    })
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor                               what an editor runs: the language server
  towpath mentor init owner/name ../golden     a first archangel.json, in this folder
  towpath mentor allow                         what archangel.json may send and run here

Settings are in archangel.json of this folder and of all above it.`,
    )
    .addCommand(initCommand())
    .addCommand(allowCommand())
    .addCommand(reportCommand())
    .addCommand(schemaCommand())
}

/** What an editor's client adds by itself; the protocol's library reads it and ends the process with the editor's. */
function parentOption(): Option {
  return new Option('--clientProcessId <pid>').hideHelp()
}
