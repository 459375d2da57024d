import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { stripVTControlCharacters } from 'node:util'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Chat, ChatAnswer, ChatQuestion } from '../mentor/index.ts'
import { clock } from './clock.ts'
import { type MentorSession, untilInterrupt, withGolden } from './mentor-session.ts'
import { say, show } from './output.ts'

type About = { path: string; from: number; to: number }
type Options = { about?: About; dryRun?: boolean; output: 'text' | 'json' }

export function chatCommand(): Command {
  return new Command('chat')
    .description(
      'Answers from the golden repositories, with places that were read again. Needs a model; without one it shows the passages.',
    )
    .argument(
      '[question...]',
      'in words or with names from code; else each line of standard input, as one conversation',
    )
    .addOption(new Option('--about <path>', 'a file of yours, or lines of it: src/a.ts:3-9').argParser(aboutOf))
    .option('--dry-run', 'show word for word what would be sent, and send nothing')
    .addOption(new Option('-o, --output <form>', 'how answers are written').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor chat how do we wrap errors
  towpath mentor chat --about src/load.ts:10-30 what would you do otherwise
  towpath mentor chat --dry-run how do we wrap errors     what would leave this machine
  towpath mentor chat                                     one question a line

Sentences that rest on no golden passage are marked, and what leads nowhere is taken out.`,
    )
    .action((words: string[], options: Options) =>
      withGolden(session =>
        untilInterrupt(async signal => {
          const { chat, close } = await openChat(session)
          try {
            await converse(chat, words, { ...options, signal })
          } finally {
            close()
          }
        }),
      ),
    )
}

async function openChat({ folder, loaded, library }: MentorSession): Promise<{ chat: Chat; close(): void }> {
  const { createChat, openModelFor } = await import('../mentor/index.ts')
  const { model, privacy, close } = await openModelFor({ folder, config: loaded.config, env: process.env, clock })
  const passages = { index: library.index, golden: loaded.config.golden, reader: library.reader }
  return { chat: createChat({ library: passages, model, privacy, clock }), close }
}

async function converse(
  chat: Chat,
  words: readonly string[],
  options: Options & { signal: AbortSignal },
): Promise<void> {
  const selection = options.about && (await readSelection(options.about))
  const ask = async (question: string, conversation: string | undefined) => {
    const asked: ChatQuestion = {
      question,
      signal: options.signal,
      ...(conversation === undefined ? {} : { conversation }),
      ...(selection === undefined ? {} : { selection }),
    }
    return answer(chat, asked, options)
  }
  if (words.length > 0) {
    await ask(words.join(' '), undefined)
    return
  }
  const input = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: process.stdin.isTTY,
    prompt: '> ',
  })
  let conversation: string | undefined
  if (process.stdin.isTTY) input.prompt()
  for await (const line of input) {
    if (line.trim() !== '') conversation = await ask(line, conversation)
    if (process.stdin.isTTY) input.prompt()
  }
}

/** Answers one question; gives the conversation to go on with. */
async function answer(chat: Chat, asked: ChatQuestion, { dryRun, output }: Options): Promise<string | undefined> {
  if (dryRun) {
    const { showOutgoing } = await import('../mentor/index.ts')
    process.stdout.write(`${plain(showOutgoing(await chat.preview(asked)))}\n`)
    return asked.conversation
  }
  const told = await chat.ask({
    ...asked,
    ...(output === 'text' ? { onText: text => void process.stdout.write(text) } : {}),
  })
  if (output === 'json') await show({ output: 'json' }, told)
  else process.stdout.write(`\n${sourcesOf(told)}`)
  for (const note of told.notes) say(note)
  return told.conversation
}

/** Where nothing was answered in words, the passages themselves are the answer. */
function sourcesOf({ sources, usage }: ChatAnswer): string {
  const lines = sources.map(
    ({ number, place, text }) => `[${number}] ${place}${usage ? '' : `\n${text.replace(/^/gm, '    ')}\n`}`,
  )
  return lines.length === 0 ? '' : `\n${plain(lines.join('\n'))}\n`
}

/** What stands in golden files must not steer the terminal. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '')
}

async function readSelection({ path, from, to }: About): Promise<ChatQuestion['selection']> {
  const file = resolve(path)
  const lines = (await readFile(file, 'utf8')).split('\n')
  const endLine = Math.min(to, lines.length)
  return { file, path, startLine: from, endLine, text: lines.slice(from - 1, endLine).join('\n') }
}

function aboutOf(text: string): About {
  const [, path = '', first, last = first] = /^(.+?)(?::(\d{1,7})(?:-(\d{1,7}))?)?$/.exec(text) ?? []
  const [from, to] = [Number(first ?? 1), Number(last ?? Number.MAX_SAFE_INTEGER)]
  if (path === '' || from < 1 || to < from) throw new InvalidArgumentError('Write path, path:line or path:first-last.')
  return { path, from, to }
}
