import { Command } from 'commander'
import { allowCommand } from './mentor-allow.ts'
import { initCommand } from './mentor-init.ts'
import { reportCommand } from './mentor-report.ts'
import { schemaCommand } from './mentor-schema.ts'

/** Each loads the mentor when it runs: `--help` pays for no grammar. */
export function mentorCommand(): Command {
  return new Command('mentor')
    .description(
      'A mentor in the editor and in CI: mines norms from the golden repositories that archangel.json names. Offline; no server, no account.',
    )
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor init owner/name ../golden     a first archangel.json, in this folder
  towpath mentor allow                         what archangel.json may send and run here

Settings are in archangel.json of this folder and of all above it.`,
    )
    .addCommand(initCommand())
    .addCommand(allowCommand())
    .addCommand(reportCommand())
    .addCommand(schemaCommand())
}
