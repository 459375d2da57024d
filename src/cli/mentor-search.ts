import { Command, InvalidArgumentError, Option } from 'commander'
import type { Language, Passage } from '../mentor/index.ts'
import { clock } from './clock.ts'
import { LANGUAGES } from './mentor-norms.ts'
import { untilInterrupt, withIndexed } from './mentor-session.ts'
import { say, show } from './output.ts'
import { type Output, outputOptions } from './output-options.ts'

type Options = Output & { limit: number; language?: Language }
const MOST = 100

export function searchCommand(): Command {
  return outputOptions(new Command('search').description('Passages of the golden repositories that answer a question.'))
    .argument('<question...>', 'in words, or names of functions')
    .addOption(limitOption())
    .addOption(new Option('--language <language>', 'in one language').choices(LANGUAGES))
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor search retry a request with growing pauses
  towpath mentor search parse date --language python -o json`,
    )
    .action((words: string[], { limit, language, ...options }: Options) =>
      withIndexed(async ({ folder, loaded, library }) => {
        const { formatCitation, openProjectSearch } = await import('../mentor/index.ts')
        const { golden } = loaded.config
        const languages = language === 'typescript' ? ['typescript' as const, 'tsx' as const] : language && [language]
        const searching = openProjectSearch(loaded.config, { folder, clock, env: process.env })
        const { passages: found, failure } = await untilInterrupt(signal =>
          searching.search(library.index, words.join(' '), {
            golden,
            limit,
            signal,
            ...(languages ? { languages } : {}),
          }),
        ).finally(() => searching.close())
        if (failure) say(`By words alone: ${failure.message}. ${failure.next}.`)
        await show(options, found, {
          rows: found,
          empty: 'Nothing is found; other words may be.',
          columns: [
            {
              title: 'WHAT',
              text: ({ kind, name, container }: Passage) =>
                `${kind} ${container === '' ? '' : `${container}.`}${name}`.trim(),
            },
            { title: 'PLACE', text: formatCitation },
          ],
        })
      }),
    )
}

export function limitOption(): Option {
  return new Option('--limit <count>', 'how many').argParser(limitOf).default(10)
}

function limitOf(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new InvalidArgumentError(`Write a number from 1 to ${MOST}.`)
  return limit
}
