import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { type Import, type ImportBody, importList, importShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi, serverOption } from './api-client.ts'
import { UsageWrong } from './az-words.ts'
import { importPath, waitForImport } from './import-wait.ts'
import { formatBytes } from './oci/progress.ts'
import { say, show, timeText } from './output.ts'
import { outputOptions } from './output-options.ts'
import { repeated } from './repeated.ts'

/** The registry, as `az acr import` names it. */
type Options = ApiOptions & { name: string; region?: string }

/** As `az acr import`; what it does goes on at the server. */
export function importCommand(): Command {
  return (
    startOptions(new Command('import').description('Bring images and artifacts here from any registry.'))
      .addHelpText(
        'after',
        `
Examples:
  towpath import --source docker.io/library/nginx:1.27 -t mirror/nginx:1.27
  towpath import --source ghcr.io/org/app@sha256:… --repository mirror/app
  towpath import --source registry.example/team/app --all-tags
  towpath import --source registry.example/team/app:v1 -t app:v1 -t app:latest \\
    --username robot --password-stdin < password.txt
  towpath import list
  towpath import show imp_…
  towpath import cancel imp_…

An index comes with all its platforms, and signatures and SBOMs that refer to
it come too. --username and --password-stdin are for the source; who asks here
is signed in by towpath login, or named by TOWPATH_USERNAME and
TOWPATH_PASSWORD. Ctrl-C leaves an import running.`,
      )
      .action(start)
      // What stands behind the word "list" is for list.
      .enablePositionalOptions()
      .addCommand(listCommand())
      .addCommand(showCommand())
      .addCommand(cancelCommand())
  )
}

type StartOptions = Omit<Options, 'username' | 'passwordStdin'> & {
  source?: string
  image: string[]
  repository?: string
  allTags?: true
  force?: true
  referrers: boolean
  plainHttp?: true
  username?: string
  passwordStdin?: true
  wait: boolean
}

function startOptions(command: Command): Command {
  return outputOptions(serverOption(command))
    .option('--source <image>', 'host/repository, with :tag or @digest')
    .addOption(repeated('-t, --image <repository:tag>', 'what it is called here; else as at the source'))
    .option('--repository <repository>', 'where it goes: by its digest alone, or with all tags')
    .option('--all-tags', 'the whole repository, tag by tag')
    .option('--force', 'move tags that lead elsewhere here')
    .option('--no-referrers', 'without what refers to it')
    .option('--username <name>', 'of the source')
    .option('--password-stdin', 'read the password of the source from standard input')
    .option('--plain-http', 'the source has no TLS')
    .option('--no-wait', 'do not wait until it has ended')
    .option('-n, --name <registry>', 'which registry it goes to', 'default')
    .option('--region <region>', 'where it runs (else the first)')
}

async function start(given: StartOptions): Promise<void> {
  const { username: _, passwordStdin: _p, ...rest } = given
  const options: Options = { ...rest, username: process.env.TOWPATH_USERNAME || 'admin' }
  const body = await bodyOf(given)
  const begun = await callApi(options, { method: 'POST', path: importPath(options), body, answer: importShape })
  await showOne(options, given.wait ? await waitForImport(options, begun) : begun)
}

async function bodyOf(given: StartOptions): Promise<ImportBody> {
  const { source, image, repository, allTags, username } = given
  if (source === undefined)
    throw UsageWrong(
      'Import what?',
      'Name it: --source registry.example/team/app:v1. Those there are: towpath import list',
    )
  return {
    ...{ source, force: given.force ?? false, referrers: given.referrers, plainHttp: given.plainHttp ?? false },
    ...(allTags ? { allTags } : {}),
    ...targetOf(image, repository),
    ...(username === undefined && !given.passwordStdin ? {} : await credentialsOf(given)),
  }
}

/** `-t app:v1 -t app:latest`, or `--repository app` for what gets no tag of its own. */
function targetOf(images: readonly string[], repository: string | undefined): Pick<ImportBody, 'repository' | 'tags'> {
  if (images.length === 0) return repository === undefined ? {} : { repository, tags: [] }
  if (repository !== undefined)
    throw UsageWrong('--image and --repository both say where it goes', 'Leave one of them out')
  const named = images.map(image => {
    const colon = image.lastIndexOf(':')
    return colon < 0 ? { repository: image, tag: 'latest' } : split(image, colon)
  })
  const [first] = named
  if (named.some(one => one.repository !== first?.repository))
    throw UsageWrong('The images are in several repositories', 'Import into one repository at a time')
  return { repository: first?.repository, tags: named.map(one => one.tag) }
}

function split(image: string, colon: number) {
  return { repository: image.slice(0, colon), tag: image.slice(colon + 1) }
}

async function credentialsOf({ username, passwordStdin }: StartOptions) {
  if (username === undefined) throw UsageWrong('There is a password, but no user name', 'Add --username <name>')
  if (!passwordStdin)
    throw UsageWrong('There is a user name, but no password', 'Pipe it in: … --password-stdin < password.txt')
  return { username, password: (await text(process.stdin)).replace(/\r?\n$/, '') }
}

type ListOptions = Options & { before?: string; limit: string }

function listCommand(): Command {
  return inRegistry(new Command('list').description('Imports into a registry, the newest first.'))
    .option('--before <id>', 'only older ones')
    .option('--limit <number>', 'at most so many', '50')
    .action(async (options: ListOptions) => {
      const { before, limit } = options
      const path = importPath(options, '', { limit, ...(before === undefined ? {} : { before }) })
      const page = await callApi(options, { path, answer: importList })
      await show(options, page, { rows: page.imports, columns, empty: 'There is none.' })
      if (page.next !== undefined) say(`There may be more: --before ${page.next}`)
    })
}

function showCommand(): Command {
  return inRegistry(new Command('show').description('One import, and how far it is.'))
    .argument('<id>', 'as list shows it')
    .action(async (id: string, options: Options) => {
      const path = importPath(options, `/${encodeURIComponent(id)}`)
      await showOne(options, await callApi(options, { path, answer: importShape }))
    })
}

function cancelCommand(): Command {
  return inRegistry(new Command('cancel').description('End an import; what came stays.'))
    .argument('<id>', 'as list shows it')
    .action(async (id: string, options: Options) => {
      const path = importPath(options, `/${encodeURIComponent(id)}/cancel`)
      await showOne(options, await callApi(options, { method: 'POST', path, answer: importShape }))
    })
}

function inRegistry(command: Command): Command {
  return apiOptions(command)
    .option('-n, --name <registry>', 'which registry it goes to', 'default')
    .option('--region <region>', 'where it runs (else the first)')
}

const columns = [
  { title: 'ID', text: (row: Import) => row.id },
  { title: 'STATE', text: (row: Import) => row.state },
  { title: 'SOURCE', text: (row: Import) => `${row.source}${row.allTags ? ' (all tags)' : ''}` },
  { title: 'REPOSITORY', text: (row: Import) => row.repository },
  { title: 'TAGS', text: (row: Import) => (row.allTags ? String(row.progress.tags) : row.tags.join(' ')) },
  {
    title: 'BYTES',
    text: ({ progress: { bytes } }: Import) => `${formatBytes(bytes.done)} of ${formatBytes(bytes.total)}`,
  },
  { title: 'STARTED', text: (row: Import) => timeText(row.startedAt) },
  { title: 'ERROR', text: (row: Import) => row.error?.title ?? '' },
]

function showOne(options: ApiOptions, one: Import): Promise<void> {
  return show(options, one, { rows: [one], columns, empty: '' })
}
