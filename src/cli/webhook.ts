import { readFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { nothing, type Webhook, type WebhookBody, type WebhookChange, webhookList, webhookShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { type Named, named, nameOf } from './az-words.ts'
import { FileUnreadable, OptionMalformed } from './failures.ts'
import { say, show } from './output.ts'
import { listEventsCommand, pingCommand, redeliverCommand } from './webhook-events.ts'
import { webhookPath } from './webhook-path.ts'

type Options = ApiOptions & Named

export function webhookCommand(): Command {
  return new Command('webhook')
    .description('Webhooks: whom a registry tells what happens in it.')
    .addHelpText(
      'after',
      `
Examples:
  towpath webhook create buildhook --uri https://ci.example/hook \\
    --actions push delete
  towpath webhook create chathook --uri @uri.txt --actions push \\
    --scope "team/app:*" --format cloudevents
  towpath webhook update buildhook --headers Authorization=@token.txt
  towpath webhook update buildhook --new-key
  towpath webhook ping buildhook
  towpath webhook list-events buildhook --state dead
  towpath webhook list-events buildhook --query 'value[].[number, error]' -o tsv
  towpath webhook redeliver buildhook 17

Others on this machine see arguments: write @FILE for a value that is secret.
Actions: push, delete, chart_push, chart_delete, and quarantine, which comes
with each push and holds nothing back. Each request is signed with the key that
is shown once, as standardwebhooks.com says.`,
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
    .addCommand(pingCommand())
    .addCommand(listEventsCommand())
    .addCommand(redeliverCommand())
}

const columns = [
  { title: 'NAME', text: (row: Webhook) => row.name },
  { title: 'ACTIONS', text: (row: Webhook) => row.actions.join(' ') },
  { title: 'SCOPE', text: (row: Webhook) => row.scope },
  { title: 'STATUS', text: (row: Webhook) => row.status },
  { title: 'FORMAT', text: (row: Webhook) => row.format },
  { title: 'SERVICE', text: (row: Webhook) => row.service },
]
const keyColumn = { title: 'KEY', text: (row: Webhook) => row.key ?? '' }

function listCommand(): Command {
  return apiOptions(new Command('list').description('All webhooks of a registry.'))
    .option('-r, --registry <name>', 'which registry', 'default')
    .action(async (options: Options) => {
      const { webhooks } = await callApi(options, { path: webhookPath(options), answer: webhookList })
      await show(options, webhooks, { rows: webhooks, columns, empty: 'There is none.' })
    })
}

function showCommand(): Command {
  return apiOptions(named(new Command('show').description('One webhook, without what is secret.'))).action(
    async (word: string | undefined, options: Options) => {
      await showOne(options, await callApi(options, { path: webhookPath(options, word), answer: webhookShape }))
    },
  )
}

type SettingOptions = Options & {
  uri?: string
  actions?: WebhookBody['actions']
  headers?: string[]
  scope?: string
  format?: WebhookBody['format']
  status?: WebhookBody['status']
}

function settingOptions(command: Command): Command {
  return apiOptions(named(command))
    .addOption(new Option('--actions <actions...>', 'of what it is told').choices(ACTIONS))
    .option('--headers <name=value...>', 'sent with each request; name=@FILE reads the value')
    .option('--scope <scope>', 'repository:tag or repository:* (else all)')
    .addOption(new Option('--format <format>', 'what is sent').choices(['acr', 'cloudevents']))
    .addOption(new Option('--status <status>', 'whether anything is sent').choices(['enabled', 'disabled']))
}

const ACTIONS = ['push', 'delete', 'quarantine', 'chart_push', 'chart_delete']

function createCommand(): Command {
  return settingOptions(new Command('create').description('Make a webhook; its key is shown this once.'))
    .requiredOption('--uri <url>', 'where to send; @FILE reads it')
    .action(async (word: string | undefined, options: SettingOptions & { uri: string }) => {
      const { actions } = options
      if (actions === undefined) throw OptionMalformed('--actions', '(missing)')
      const set = await settings(options)
      const body: WebhookBody = {
        ...set,
        ...{ name: nameOf(word, options, 'webhook'), actions, serviceUri: await readValue(options.uri) },
      }
      const call = { method: 'POST', path: webhookPath(options), body, answer: webhookShape } as const
      await showOne(options, await callApi(options, call))
    })
}

function updateCommand(): Command {
  return settingOptions(new Command('update').description('Change a webhook; what is left out stays.'))
    .option('--uri <url>', 'where to send; @FILE reads it')
    .option('--new-key', 'make another key, shown this once; the old one signs no more')
    .action(async (word: string | undefined, options: SettingOptions & { newKey?: true }) => {
      const { uri, newKey } = options
      const body: WebhookChange = {
        ...(await settings(options)),
        ...(uri === undefined ? {} : { serviceUri: await readValue(uri) }),
        ...(newKey ? { newKey } : {}),
      }
      const call = { method: 'PATCH', path: webhookPath(options, word), body, answer: webhookShape } as const
      await showOne(options, await callApi(options, call))
    })
}

function deleteCommand(): Command {
  return apiOptions(named(new Command('delete').description('Delete a webhook and its log.')))
    .requiredOption('-y, --yes', 'really: what waits is not sent any more')
    .action(async (word: string | undefined, options: Options) => {
      await callApi(options, { method: 'DELETE', path: webhookPath(options, word), answer: nothing })
      say(`Webhook "${nameOf(word, options, 'webhook')}" is deleted; regions hear of it within seconds.`)
    })
}

async function settings({ actions, headers, scope, format, status }: SettingOptions): Promise<WebhookChange> {
  return {
    ...(actions === undefined ? {} : { actions }),
    ...(headers === undefined ? {} : { customHeaders: await headersOf(headers) }),
    ...(scope === undefined ? {} : { scope }),
    ...(format === undefined ? {} : { format }),
    ...(status === undefined ? {} : { status }),
  }
}

async function headersOf(words: readonly string[]): Promise<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const word of words) {
    const at = word.indexOf('=')
    // What stands there may be a secret: it is not repeated.
    if (at < 1) throw OptionMalformed('--headers', '(hidden)')
    headers[word.slice(0, at)] = await readValue(word.slice(at + 1))
  }
  return headers
}

/** As `az` reads values: `@FILE` is what the file holds. */
async function readValue(word: string): Promise<string> {
  if (!word.startsWith('@')) return word
  const path = word.slice(1)
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw FileUnreadable(path, why)
  }
}

async function showOne(options: ApiOptions, one: Webhook): Promise<void> {
  const all = one.key === undefined ? columns : [...columns, keyColumn]
  await show(options, one, { rows: [one], columns: all, empty: '' })
}
