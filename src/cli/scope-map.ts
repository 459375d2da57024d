import { Command } from 'commander'
import {
  nothing,
  type ScopeMap,
  type ScopeMapBody,
  type ScopeMapChange,
  scopeMapList,
  scopeMapShape,
} from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { type Named, named, nameOf, scopeActions } from './az-words.ts'
import { say, show, timeText } from './output.ts'

type Options = ApiOptions & Named

const columns = [
  { title: 'NAME', text: (row: ScopeMap) => row.name },
  { title: 'TYPE', text: (row: ScopeMap) => row.type },
  { title: 'CREATION DATE', text: (row: ScopeMap) => timeText(row.createdAt) },
  { title: 'DESCRIPTION', text: (row: ScopeMap) => row.description },
]

export function scopeMapCommand(): Command {
  return new Command('scope-map')
    .description('Scope maps: what a token may do, by repository.')
    .addHelpText(
      'after',
      `
Examples:
  towpath scope-map create readers --repository team/app content/read --repository "shared/*" content/read
  towpath scope-map update readers --add-repository team/web content/read
  towpath scope-map list --registry team
  towpath scope-map show _repositories_pull -o yaml

Actions: content/read (pull), content/write (push), content/delete, metadata/read, metadata/write.
A repository need not exist yet; "team/*" means all below team, "*" all.`,
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
}

function listCommand(): Command {
  return apiOptions(new Command('list').description('All scope maps of a registry, the system’s first.'))
    .option('-r, --registry <name>', 'which registry', 'default')
    .action(async (options: Options) => {
      const { scopeMaps } = await callApi(options, { path: pathOf(options), answer: scopeMapList })
      await show(options, scopeMaps, { rows: scopeMaps, columns, empty: 'There is none.' })
    })
}

function showCommand(): Command {
  return apiOptions(
    named(new Command('show').description('One scope map; its actions with --output json or yaml.')),
  ).action(async (word: string | undefined, options: Options) => {
    await showOne(options, await callApi(options, { path: pathOf(options, word), answer: scopeMapShape }))
  })
}

function createCommand(): Command {
  return apiOptions(named(new Command('create').description('Make a scope map.')))
    .requiredOption('--repository <words...>', 'a repository and its actions; may be repeated')
    .option('--description <text>')
    .action(async (word: string | undefined, options: Options & { repository: string[]; description?: string }) => {
      const body: ScopeMapBody = {
        name: nameOf(word, options, 'scope map'),
        actions: scopeActions(options.repository),
        ...(options.description === undefined ? {} : { description: options.description }),
      }
      await showOne(
        options,
        await callApi(options, { method: 'POST', path: pathOf(options), body, answer: scopeMapShape }),
      )
    })
}

type UpdateOptions = Options & { addRepository?: string[]; removeRepository?: string[]; description?: string }

function updateCommand(): Command {
  return apiOptions(named(new Command('update').description('Add or remove actions; its tokens follow in seconds.')))
    .option('--add-repository <words...>', 'a repository and the actions to add; may be repeated')
    .option('--remove-repository <words...>', 'a repository and the actions to remove; may be repeated')
    .option('--description <text>')
    .action(async (word: string | undefined, options: UpdateOptions) => {
      const body: ScopeMapChange = {
        add: scopeActions(options.addRepository ?? []),
        remove: scopeActions(options.removeRepository ?? []),
        ...(options.description === undefined ? {} : { description: options.description }),
      }
      const call = { method: 'PATCH', path: pathOf(options, word), body, answer: scopeMapShape } as const
      await showOne(options, await callApi(options, call))
    })
}

function deleteCommand(): Command {
  return apiOptions(named(new Command('delete').description('Delete a scope map that no token uses.')))
    .requiredOption('-y, --yes', 'really')
    .action(async (word: string | undefined, options: Options) => {
      await callApi(options, { method: 'DELETE', path: pathOf(options, word), answer: nothing })
      say(`Scope map "${nameOf(word, options, 'scope map')}" is deleted.`)
    })
}

function pathOf(options: Options): string
function pathOf(options: Options, word: string | undefined): string
function pathOf(options: Options, ...one: (string | undefined)[]): string {
  const list = `/api/v1/registries/${encodeURIComponent(options.registry)}/scope-maps`
  return one.length === 0 ? list : `${list}/${encodeURIComponent(nameOf(one[0], options, 'scope map'))}`
}

function showOne(options: ApiOptions, one: ScopeMap): Promise<void> {
  return show(options, one, { rows: [one], columns, empty: '' })
}
