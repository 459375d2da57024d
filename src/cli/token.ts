import { Command, Option } from 'commander'
import { nothing, type TokenBody, type TokenChange, tokenList, tokenShape } from '../api/index.ts'
import { systemClock } from '../kernel/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { expiryOf, type Named, named, nameOf, scopeActions } from './az-words.ts'
import { say, show } from './output.ts'
import { credentialCommand } from './token-credential.ts'
import { showToken, tokenColumns, tokenPath } from './token-shown.ts'

type Options = ApiOptions & Named

export function tokenCommand(): Command {
  return new Command('token')
    .description('Tokens: names for programs to sign in to one registry by, bound to a scope map.')
    .addHelpText(
      'after',
      `
Examples:
  towpath token create robot --repository team/app content/read content/write
  towpath token create robot --scope-map _repositories_pull --expiration-in-days 90 -o json
  towpath token update robot --status disabled
  towpath token credential generate robot --password1 --expiration-in-days 90
  docker login 127.0.0.1:5000 -u robot`,
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
    .addCommand(credentialCommand())
}

function listCommand(): Command {
  return apiOptions(new Command('list').description('All tokens of a registry.'))
    .option('-r, --registry <name>', 'which registry', 'default')
    .action(async (options: Options) => {
      const { tokens } = await callApi(options, { path: tokenPath(options), answer: tokenList })
      await show(options, tokens, { rows: tokens, columns: tokenColumns, empty: 'There is none.' })
    })
}

function showCommand(): Command {
  return apiOptions(named(new Command('show').description('One token.'))).action(
    async (word: string | undefined, options: Options) => {
      const path = tokenPath(options, nameOf(word, options, 'token'))
      await showToken(options, await callApi(options, { path, answer: tokenShape }))
    },
  )
}

type CreateOptions = Options & {
  scopeMap?: string
  repository?: string[]
  status: NonNullable<TokenBody['status']>
  passwords: boolean
  expiration?: string
  expirationInDays?: string
}

function createCommand(): Command {
  return apiOptions(named(new Command('create').description('Make a token; its passwords are shown this once.')))
    .addOption(new Option('--scope-map <name>', 'what it may do').conflicts('repository'))
    .option('--repository <words...>', 'instead: a repository and its actions; may be repeated')
    .addOption(statusOption().default('enabled'))
    .option('--no-passwords', 'make none yet')
    .option('--expiration-in-days <days>', 'when its passwords end')
    .option('--expiration <time>', 'when its passwords end, as in 2027-01-31T12:00:00Z')
    .action(async (word: string | undefined, options: CreateOptions) => {
      const { scopeMap, repository, status, passwords } = options
      const body: TokenBody = {
        name: nameOf(word, options, 'token'),
        ...(scopeMap === undefined ? {} : { scopeMap }),
        ...(repository === undefined ? {} : { actions: scopeActions(repository) }),
        ...{ status, passwords, expiresAt: expiryOf(options, systemClock('cli').now()) },
      }
      const made = await callApi(options, { method: 'POST', path: tokenPath(options), body, answer: tokenShape })
      await showToken(options, made)
    })
}

type UpdateOptions = Options & { scopeMap?: string; status?: NonNullable<TokenChange['status']> }

function updateCommand(): Command {
  return apiOptions(named(new Command('update').description('Another scope map, or disable and enable; in seconds.')))
    .option('--scope-map <name>', 'what it may do')
    .addOption(statusOption())
    .action(async (word: string | undefined, options: UpdateOptions) => {
      const { scopeMap, status } = options
      const body: TokenChange = {
        ...(scopeMap === undefined ? {} : { scopeMap }),
        ...(status === undefined ? {} : { status }),
      }
      const path = tokenPath(options, nameOf(word, options, 'token'))
      await showToken(options, await callApi(options, { method: 'PATCH', path, body, answer: tokenShape }))
    })
}

function deleteCommand(): Command {
  return apiOptions(named(new Command('delete').description('Delete a token; its scope map stays.')))
    .requiredOption('-y, --yes', 'really: whoever uses it is cut off')
    .action(async (word: string | undefined, options: Options) => {
      const name = nameOf(word, options, 'token')
      await callApi(options, { method: 'DELETE', path: tokenPath(options, name), answer: nothing })
      say(`Token "${name}" is deleted; regions hear of it within seconds.`)
    })
}

function statusOption(): Option {
  return new Option('--status <status>', 'whether it may be used').choices(['enabled', 'disabled'])
}
