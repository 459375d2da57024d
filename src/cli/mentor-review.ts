import { Command, Option } from 'commander'
import { clock } from './clock.ts'
import { untilInterrupt, withGolden } from './mentor-session.ts'
import { say, show } from './output.ts'

type Options = { base?: string; words: boolean; output: 'markdown' | 'json' }

export function reviewCommand(): Command {
  return new Command('review')
    .description('Reviews your changes as a colleague would: questions, reasons, the golden lines, who does otherwise.')
    .argument('[paths...]', 'files and folders; else all that is changed')
    .option('--base <branch>', 'since your branch left that one, not since the last commit')
    .option('--no-words', 'ask no model, even where one is set')
    .addOption(new Option('-o, --output <form>', 'how it is written').choices(['markdown', 'json']).default('markdown'))
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor review                        what you are about to commit
  towpath mentor review --base origin/main     what a pull request would show
  towpath mentor review --no-words src

It is whole without a model: what is set as "model" adds words on top, each sentence checked.`,
    )
    .action((paths: string[], { base, words, output }: Options) =>
      withGolden(({ folder, places, loaded: { config }, library }) =>
        untilInterrupt(async signal => {
          const { openModelFor, reviewChanges } = await import('../mentor/index.ts')
          const { model, privacy, close } = await openModelFor({ folder, config, env: process.env, clock })
          try {
            const reviewing = { folder, paths, privacy, library, state: places.state, clock, signal }
            const { markdown, notes, ...review } = await reviewChanges({
              ...reviewing,
              ...(base === undefined ? {} : { base }),
              model: words ? model : undefined,
            })
            if (output === 'json') await show({ output }, review)
            else process.stdout.write(markdown)
            for (const note of notes) say(note)
          } finally {
            close()
          }
        }),
      ),
    )
}
