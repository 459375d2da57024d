import { Command, Option } from 'commander'
import { allowCommand } from './mentor-allow.ts'
import { chatCommand } from './mentor-chat.ts'
import { checkCommand } from './mentor-check.ts'
import { docsCommand } from './mentor-docs.ts'
import { importersCommand } from './mentor-importers.ts'
import { indexCommand, refreshCommand } from './mentor-index.ts'
import { initCommand } from './mentor-init.ts'
import { normsCommand } from './mentor-norms.ts'
import { reportCommand } from './mentor-report.ts'
import { reviewCommand } from './mentor-review.ts'
import { schemaCommand } from './mentor-schema.ts'
import { searchCommand } from './mentor-search.ts'
import { serveMentor } from './mentor-serve.ts'
import { statusCommand } from './mentor-status.ts'
import { repairCommand, wipeCommand } from './mentor-wipe.ts'

/** Each loads the mentor when it runs: `--help` pays for no grammar. */
export function mentorCommand(): Command {
  return new Command('mentor')
    .description(
      'A mentor in the editor and in CI: mines norms from the golden repositories that archangel.json names. Offline; no server, no account.',
    )
    .option('--stdio', 'serve an editor over standard input and output; so it does on a pipe anyway')
    .addOption(parentOption())
    .allowExcessArguments()
    .action(async ({ stdio }: { stdio?: boolean }, command: Command) => {
      // It runs without a subcommand, so a mistyped one would be told as one argument too many.
      if (command.args.length > 0) command.error(`error: unknown command '${command.args[0]}'`)
      if (process.stdin.isTTY && !stdio) command.help()
      await serveMentor()
    })
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor init owner/name ../golden     a first archangel.json, in this folder
  towpath mentor index                         bring and index what it names
  towpath mentor norms                         what was mined
  towpath mentor docs                          Code Style and Wiki, as Markdown
  towpath mentor                               what an editor runs: the language server
  towpath mentor check --changed origin/main   the same in CI

Settings are in archangel.json of this folder and of all above it: docs/mentor.md.`,
    )
    .addCommand(initCommand())
    .addCommand(allowCommand())
    .addCommand(indexCommand())
    .addCommand(refreshCommand())
    .addCommand(statusCommand())
    .addCommand(normsCommand())
    .addCommand(searchCommand())
    .addCommand(importersCommand())
    .addCommand(docsCommand())
    .addCommand(chatCommand())
    .addCommand(reviewCommand())
    .addCommand(checkCommand())
    .addCommand(reportCommand())
    .addCommand(repairCommand())
    .addCommand(wipeCommand())
    .addCommand(schemaCommand())
}

/** What an editor's client adds by itself; the protocol's library reads it and ends the process with the editor's. */
function parentOption(): Option {
  return new Option('--clientProcessId <pid>').hideHelp()
}
