import { Command, InvalidArgumentError, Option } from 'commander'
import { z } from 'zod'
import { UsageWrong } from './az-words.ts'
import { say, show } from './output.ts'
import { outputOptions } from './output-options.ts'
import { purgeCommand } from './purge.ts'
import {
  ATTRIBUTES,
  atRegistry,
  catalogPage,
  deletedAnswer,
  type Manifest,
  manifestAnswer,
  manifestPage,
  type Named,
  namedBy,
  placeOf,
  type Registry,
  type RepositoryOptions,
  repositoryAnswer,
  tagAnswer,
  tagPage,
} from './repository-calls.ts'
import { manifestColumns, repositoryColumns, tagColumns } from './repository-columns.ts'
import { listDeletedRepositoriesCommand, restoreRepositoryCommand } from './repository-deleted.ts'

type Options = RepositoryOptions & { repository?: string; image?: string }
type ListOptions = RepositoryOptions & { top?: number; orderby?: 'time_asc' | 'time_desc'; detail?: boolean }

// Each of them may name 1,000 tags, and the client takes in 4 MiB a page.
const MANIFESTS_A_PAGE = 25

/** As `az acr repository` and `az acr manifest list-metadata`. */
export function repositoryCommand(): Command {
  return new Command('repository')
    .description('Repositories, tags and manifests of a registry: see, lock, untag, delete, restore.')
    .addHelpText(
      'after',
      `
Examples:
  towpath repository list -n 127.0.0.1:5000
  towpath repository show-tags --repository team/app --orderby time_desc --detail
  towpath repository show-tags --repository team/app --query '[0]' -o tsv
  towpath repository update --image team/app:v1 --write-enabled false
  towpath repository update --repository team/app --delete-enabled false
  towpath repository untag --image team/app:old
  towpath repository delete --image team/app:v1 --yes
  towpath repository list-deleted
  towpath repository restore --repository team/app

-n names the registry by host, or TOWPATH_REGISTRY does. Credentials are found as towpath oci finds them.
list-deleted and restore ask the API, which knows the registry by its name (-r); see also towpath manifest.`,
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
    .addCommand(untagCommand())
    .addCommand(showTagsCommand())
    .addCommand(listManifestsCommand())
    .addCommand(listDeletedRepositoriesCommand())
    .addCommand(restoreRepositoryCommand())
    .addCommand(purgeCommand())
}

function listCommand(): Command {
  return listOptions(registryOptions(new Command('list').description('The repositories of a registry.'))).action(
    (options: ListOptions) =>
      atRegistry(options, async registry => {
        const ask = { path: '/acr/v1/_catalog', scopes: ['registry:catalog:*'], what: 'the catalog' }
        const names = await registry.all(ask, catalogPage, page => page.repositories, options.top)
        await showNames(options, names, 'There is no repository.')
      }),
  )
}

function showCommand(): Command {
  return subjectOptions(
    registryOptions(new Command('show').description('One repository, tag or manifest: times, counts, attributes.')),
  ).action((options: Options) =>
    atRegistry(options, registry => showOne(options, registry, namedBy(options), { right: 'metadata_read' })),
  )
}

type UpdateOptions = Options & Partial<Record<(typeof ATTRIBUTES)[number], boolean>>

function updateCommand(): Command {
  return subjectOptions(
    registryOptions(new Command('update').description('Lock or unlock a repository, tag or manifest.')),
  )
    .option('--write-enabled <bool>', 'whether it may be pushed to, moved, or deleted', flag)
    .option('--delete-enabled <bool>', 'whether it may be deleted', flag)
    .option('--read-enabled <bool>', 'whether it may be pulled', flag)
    .option('--list-enabled <bool>', 'whether lists show it', flag)
    .action((options: UpdateOptions) => {
      const body = Object.fromEntries(
        ATTRIBUTES.flatMap(one => (options[one] === undefined ? [] : [[one, options[one]]])),
      )
      if (Object.keys(body).length === 0) {
        throw UsageWrong('There is nothing to change', 'Add for example --write-enabled false')
      }
      return atRegistry(options, registry =>
        showOne(options, registry, namedBy(options), { right: 'metadata_write', method: 'PATCH', body }),
      )
    })
}

function deleteCommand(): Command {
  return subjectOptions(
    registryOptions(new Command('delete').description('Delete a repository, or a manifest and all its tags.')),
  )
    .requiredOption('-y, --yes', 'really')
    .action((options: Options) =>
      atRegistry(options, async registry => {
        const named = namedBy(options)
        const { repository } = named
        if (named.tag === undefined && named.digest === undefined) {
          const ask = { ...placeOf(named), method: 'DELETE' as const, scopes: [`repository:${repository}:delete`] }
          const gone = await registry.ask(ask, deletedAnswer)
          return showGone(options, gone)
        }
        const manifest = await manifestOf(registry, named)
        if (!(await registry.deleteManifest(repository, manifest.digest))) {
          throw UsageWrong(`Manifest ${manifest.digest} of ${repository} is gone already`, 'Nothing is left to do')
        }
        await showGone(options, { manifestsDeleted: [manifest.digest], tagsDeleted: manifest.tags ?? [] })
      }),
    )
}

function untagCommand(): Command {
  return registryOptions(new Command('untag').description('Take a tag off its manifest, which stays.'))
    .requiredOption('-t, --image <name:tag>', 'the tag')
    .action((options: Options) =>
      atRegistry(options, async registry => {
        const named = namedBy(options)
        if (named.tag === undefined) throw UsageWrong('A digest is no tag', 'Write --image <name>:<tag>')
        const scopes = [`repository:${named.repository}:delete`]
        await registry.ask({ ...placeOf(named), method: 'DELETE', scopes }, z.looseObject({}))
        say(`Tag ${named.tag} is taken off.`)
      }),
    )
}

function showTagsCommand(): Command {
  return listOptions(registryOptions(new Command('show-tags').description('The tags of a repository.')))
    .requiredOption('--repository <name>', 'which')
    .addOption(orderOption())
    .option('--detail', 'with digests, times and locks')
    .action((options: ListOptions & { repository: string }) =>
      atRegistry(options, async registry => {
        const tags = await registry.all(listOf(options, '_tags', 1000), tagPage, page => page.tags, options.top)
        const empty = 'It has no tag.'
        if (options.detail) await show(options, tags, { rows: tags, columns: tagColumns, empty })
        else {
          await showNames(
            options,
            tags.map(tag => tag.name),
            empty,
          )
        }
      }),
    )
}

function listManifestsCommand(): Command {
  return listOptions(registryOptions(new Command('list-manifests').description('The manifests of a repository.')))
    .requiredOption('--repository <name>', 'which')
    .addOption(orderOption())
    .action((options: ListOptions & { repository: string }) =>
      atRegistry(options, async registry => {
        const ask = listOf(options, '_manifests', MANIFESTS_A_PAGE)
        const rows = await registry.all(ask, manifestPage, page => page.manifests, options.top)
        await show(options, rows, { rows, columns: manifestColumns, empty: 'It has no manifest.' })
      }),
    )
}

type Doing = { right: string; method?: 'PATCH'; body?: Readonly<Record<string, unknown>> }

async function showOne(options: Options, registry: Registry, named: Named, doing: Doing): Promise<void> {
  const { right, ...rest } = doing
  const ask = { ...placeOf(named), scopes: [`repository:${named.repository}:${right}`], ...rest }
  if (named.digest !== undefined) {
    const { manifest } = await registry.ask(ask, manifestAnswer)
    return show(options, manifest, { rows: [manifest], columns: manifestColumns, empty: '' })
  }
  if (named.tag !== undefined) {
    const { tag } = await registry.ask(ask, tagAnswer)
    return show(options, tag, { rows: [tag], columns: tagColumns, empty: '' })
  }
  const repository = await registry.ask(ask, repositoryAnswer)
  return show(options, repository, { rows: [repository], columns: repositoryColumns, empty: '' })
}

/** By the tag as it is now: the same words that az has for it delete its manifest, and all its other tags. */
async function manifestOf(registry: Registry, named: Named): Promise<Manifest> {
  const scopes = [`repository:${named.repository}:metadata_read`]
  const { repository, tag } = named
  const digest =
    named.digest ??
    (await registry.ask({ ...placeOf({ repository, ...(tag ? { tag } : {}) }), scopes }, tagAnswer)).tag.digest
  const path = `/acr/v1/${repository}/_manifests/${digest}`
  return (await registry.ask({ path, what: `manifest ${digest} of ${repository}`, scopes }, manifestAnswer)).manifest
}

function showGone(options: Options, gone: { manifestsDeleted: string[]; tagsDeleted: string[] }): Promise<void> {
  const rows = [
    ...gone.tagsDeleted.map(name => ({ kind: 'tag', name })),
    ...gone.manifestsDeleted.map(name => ({ kind: 'manifest', name })),
  ]
  const columns = [
    { title: 'DELETED', text: (row: { name: string }) => row.name },
    { title: 'KIND', text: (row: { kind: string }) => row.kind },
  ]
  return show(options, gone, { rows, columns, empty: 'It held no tag and no manifest.' })
}

function showNames(options: RepositoryOptions, names: readonly string[], empty: string): Promise<void> {
  return show(options, names, { rows: names, columns: [{ title: 'RESULT', text: name => name }], empty })
}

function listOf({ repository, orderby }: { repository: string; orderby?: string }, list: string, n: number) {
  const named = namedBy({ repository })
  const query = new URLSearchParams({ n: String(n), ...(orderby ? { orderby: orderby.replace('_', '') } : {}) })
  const path = `/acr/v1/${named.repository}/${list}?${query}`
  return { path, scopes: [`repository:${named.repository}:metadata_read`], what: `the list of ${named.repository}` }
}

function registryOptions(command: Command): Command {
  return outputOptions(
    command
      .addOption(new Option('-n, --name <host>', 'the registry').env('TOWPATH_REGISTRY').default('127.0.0.1:5000'))
      .option('-u, --username <name>', 'user name (or TOWPATH_USERNAME)')
      .option('--password-stdin', 'read the password from standard input (or TOWPATH_PASSWORD)')
      .option('--plain-http', 'no TLS, also to other machines (this machine never needs it)'),
  )
}

function subjectOptions(command: Command): Command {
  return command
    .option('--repository <name>', 'all of a repository')
    .option('-t, --image <name:tag>', 'one tag, or by <name>@<digest> one manifest')
}

function listOptions(command: Command): Command {
  return command.option('--top <n>', 'the first ones', count)
}

function orderOption(): Option {
  return new Option('--orderby <order>', 'else by name').choices(['time_asc', 'time_desc'])
}

function flag(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new InvalidArgumentError('Give true or false.')
  return text === 'true'
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.')
  return value
}
