import { Command, Option } from 'commander'
import { type WebhookEvent, webhookEventList, webhookSentShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { type Named, named } from './az-words.ts'
import { say, show, timeText } from './output.ts'
import { webhookPath } from './webhook-path.ts'

type Options = ApiOptions & Named & { region?: string }

export function pingCommand(): Command {
  return regionOption(
    apiOptions(named(new Command('ping').description('Send an event, and try now what waits.'))),
  ).action(async (word: string | undefined, options: Options) => {
    const path = `${webhookPath(options, word)}/ping${query(options)}`
    const { number, region, ...rest } = await callApi(options, { method: 'POST', path, answer: webhookSentShape })
    await show(
      options,
      { ...rest, number, region },
      { rows: [rest], columns: [{ title: 'ID', text: row => row.id }], empty: '' },
    )
    say(`How it went: towpath webhook list-events (number ${number} of region ${region}).`)
  })
}

const columns = [
  { title: 'ID', text: (row: WebhookEvent) => row.id },
  { title: 'ACTION', text: (row: WebhookEvent) => row.action },
  { title: 'IMAGE', text: (row: WebhookEvent) => row.image },
  { title: 'HTTP STATUS', text: (row: WebhookEvent) => row.eventResponseMessage?.statusCode ?? '' },
  { title: 'TIMESTAMP', text: (row: WebhookEvent) => timeText(row.createdAt) },
  { title: 'NUMBER', text: (row: WebhookEvent) => String(row.number) },
  { title: 'STATE', text: (row: WebhookEvent) => row.state },
  { title: 'TRIES', text: (row: WebhookEvent) => String(row.attempts) },
  { title: 'ERROR', text: (row: WebhookEvent) => row.error },
]

export function listEventsCommand(): Command {
  return regionOption(
    apiOptions(
      named(new Command('list-events').description('What was sent, the newest first; all of it with -o json.')),
    ),
  )
    .addOption(new Option('--state <state>', 'only these').choices(['pending', 'delivered', 'dead']))
    .option('--before <number>', 'only older ones than this number')
    .option('--limit <number>', 'at most so many', '50')
    .action(async (word: string | undefined, options: Options & Record<'state' | 'before' | 'limit', string>) => {
      const { state, before, limit } = options
      const path = `${webhookPath(options, word)}/events${query(options, { state, before, limit })}`
      const page = await callApi(options, { path, answer: webhookEventList })
      await show(options, page, { rows: page.value, columns, empty: 'There is none.' })
      if (page.next !== undefined) say(`There may be more: --before ${page.next}`)
    })
}

export function redeliverCommand(): Command {
  return regionOption(apiOptions(new Command('redeliver').description('Send an event again, behind what waits.')))
    .argument('<name>')
    .argument('<number>', 'as list-events shows it')
    .option('-r, --registry <name>', 'which registry', 'default')
    .action(async (name: string, number: string, options: Options) => {
      const path = `${webhookPath(options, name)}/events/${encodeURIComponent(number)}/redeliver${query(options)}`
      const sent = await callApi(options, { method: 'POST', path, answer: webhookSentShape })
      const shown = [
        { title: 'ID', text: (row: typeof sent) => row.id },
        { title: 'NUMBER', text: (row: typeof sent) => String(row.number) },
      ]
      await show(options, sent, { rows: [sent], columns: shown, empty: '' })
    })
}

function regionOption(command: Command): Command {
  return command.option('--region <name>', 'which region’s queue (else the first)')
}

function query({ region }: Options, more: Record<string, string | undefined> = {}): string {
  const given = Object.entries({ region, ...more }).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}
