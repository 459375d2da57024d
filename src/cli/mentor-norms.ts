import { Command, Option } from 'commander'
import type { Norm } from '../mentor/index.ts'
import { withIndexed } from './mentor-session.ts'
import { say, show } from './output.ts'
import { type Output, outputOptions } from './output-options.ts'

type Options = Output & { language?: string; undecided?: boolean }

export const LANGUAGES = ['typescript', 'javascript', 'python', 'go', 'csharp', 'java']

export function normsCommand(): Command {
  return outputOptions(
    new Command('norms').description('What the golden repositories agree on: mined, with counts and dissent.'),
  )
    .addOption(new Option('--language <language>', 'of one language').choices(LANGUAGES))
    .option('--undecided', 'what they do not agree on, and so is never mentioned')
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor norms --language go
  towpath mentor norms --query '[].{norm: id, dissent: dissent[].repository}'

Thresholds, and norms that nobody wants: "norms" of archangel.json.`,
    )
    .action((options: Options) =>
      withIndexed(async ({ loaded, library }) => {
        const { norms, undecided } = await library.mined(loaded.config)
        const rows = (options.undecided ? undecided : norms).filter(
          ({ language }) => options.language === undefined || language === options.language,
        )
        await show(options, rows, { rows, columns: COLUMNS, empty: 'None.' })
        if (!options.undecided && undecided.length > 0) say(`${undecided.length} more are undecided: --undecided`)
      }),
    )
}

const COLUMNS = [
  { title: 'NORM', text: ({ id }: Norm) => id },
  { title: 'LANGUAGE', text: ({ language }: Norm) => language },
  { title: 'ANSWER', text: ({ answer }: Norm) => answer },
  { title: 'AGREE', text: ({ agree, cases }: Norm) => `${agree} of ${cases}` },
  { title: 'SHARE', text: ({ share }: Norm) => `${Math.floor(share * 1000) / 10} %` },
  { title: 'HELD BY', text: ({ repositories }: Norm) => String(repositories) },
  {
    title: 'DISSENT',
    text: ({ dissent }: Norm) => dissent.map(one => `${one.repository}: ${one.answer} (${one.count})`).join(', '),
  },
]
