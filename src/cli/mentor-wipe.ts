import { Command } from 'commander'
import { untilInterrupt, withMentor } from './mentor-session.ts'
import { say } from './output.ts'

export function wipeCommand(): Command {
  return new Command('wipe')
    .description('Take away the index and the copies of golden repositories, for all your projects.')
    .requiredOption('-y, --yes', 'really: all of it is brought and indexed anew next time')
    .action(() =>
      withMentor(async ({ library }) => {
        await untilInterrupt(signal => library.wipe(signal))
        say('The index is empty.')
      }),
    )
}

export function repairCommand(): Command {
  return new Command('repair')
    .description('Find what is damaged in the index, and take it away, so that the next "index" makes it anew.')
    .action(() =>
      withMentor(async ({ library }) => {
        const taken = await untilInterrupt(signal => library.repair(signal))
        for (const what of taken) say(`Took away ${what}`)
        say(taken.length === 0 ? 'Nothing is damaged.' : 'Next: towpath mentor index')
      }),
    )
}
