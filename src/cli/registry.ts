import { Command, Option } from 'commander'
import {
  nothing,
  type Registry,
  type RegistryBody,
  type RegistryChange,
  registryList,
  registryShape,
} from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { type Named, nameOf } from './az-words.ts'
import { placeBy, type TenantOptions, tenantOptions } from './in-tenant.ts'
import { say, show } from './output.ts'
import { loginCommand, logoutCommand } from './registry-login.ts'
import { repeated } from './repeated.ts'
import { showUsageCommand } from './show-usage.ts'
import { throttleWords } from './throttle-words.ts'

const PATH = '/api/v1/registries'
type Name = Pick<Named, 'name'>
const columns = [
  { title: 'NAME', text: (row: Registry) => row.name },
  { title: 'HOSTS', text: (row: Registry) => row.hosts.join(', ') || (row.name === 'default' ? '(all others)' : '') },
  { title: 'ANONYMOUS PULL', text: (row: Registry) => (row.anonymousPull ? 'yes' : 'no') },
  { title: 'ID', text: (row: Registry) => row.id },
]

export function registryCommand(): Command {
  return new Command('registry')
    .description('Registries: content of its own under host names of its own.')
    .addHelpText(
      'after',
      `
Examples:
  towpath registry list --query '[].name' -o tsv
  towpath registry show team
  towpath registry create team --host team.example:5000
  towpath registry create edge-team --group edge
  towpath registry update default --anonymous-pull
  towpath registry update team --add-host images.team.example --remove-host team.example:5000
  towpath registry update team --throttle read=40000/20000 --throttle oauth=none
  towpath registry show-usage team
  towpath registry delete team --yes
  towpath registry login                            docker and podman then pull and push as you may
  towpath registry login team --endpoint team.example:5000
  towpath registry logout team.example:5000`,
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
    .addCommand(showUsageCommand())
    .addCommand(loginCommand())
    .addCommand(logoutCommand())
}

function listCommand(): Command {
  return apiOptions(new Command('list').description('The registries that you may see.')).action(
    async (options: ApiOptions) => {
      const { registries } = await callApi(options, { path: PATH, answer: registryList })
      await show(options, registries, { rows: registries, columns, empty: 'There is none.' })
    },
  )
}

function showCommand(): Command {
  return apiOptions(named(new Command('show').description('One registry.'))).action(
    async (word: string | undefined, options: ApiOptions & Name) => {
      await showOne(options, await callApi(options, { path: pathOf(word, options), answer: registryShape }))
    },
  )
}

type CreateOptions = TenantOptions &
  Name & {
    host: string[]
    group?: string
    anonymousPull?: boolean
    tokenAudience?: Registry['tokenAudience']
  }

function createCommand(): Command {
  return tenantOptions(
    named(new Command('create').description('Make a registry.'), 'lower-case letters, digits and "-"'),
  )
    .addOption(repeated('--host <host>', 'a host name that it serves, with or without a port'))
    .option('--anonymous-pull', 'pulling, and reading the metadata of a repository by its name, need no sign-in')
    .addOption(audienceOption())
    .option('--group <group>', 'name or id of the group that it lies in; else the tenant')
    .action(async (word: string | undefined, options: CreateOptions) => {
      const { tokenAudience, tenant, group } = options
      const name = nameOf(word, options, 'registry')
      const body: RegistryBody = {
        ...{ name, tenant, hosts: options.host, anonymousPull: options.anonymousPull ?? false },
        ...(tokenAudience === undefined ? {} : { tokenAudience }),
        ...(group === undefined ? {} : { groupId: (await placeBy(options, group)).id }),
      }
      await showOne(options, await callApi(options, { method: 'POST', path: PATH, body, answer: registryShape }))
    })
}

type UpdateOptions = ApiOptions &
  Name & {
    addHost: string[]
    removeHost: string[]
    anonymousPull?: boolean
    tokenAudience?: Registry['tokenAudience']
    throttle: string[]
  }

function updateCommand(): Command {
  return apiOptions(named(new Command('update').description('Change hosts or settings; what is left out stays.')))
    .addOption(repeated('--add-host <host>', 'one that it serves too'))
    .addOption(repeated('--remove-host <host>', 'one that it serves no more'))
    .option('--anonymous-pull', 'pulling, and reading the metadata of a repository by its name, need no sign-in')
    .option('--no-anonymous-pull', 'both need a sign-in')
    .addOption(audienceOption())
    .addOption(repeated('--throttle <limit>', 'requests a minute, such as read=20000/10000 or all=none'))
    .action(async (word: string | undefined, options: UpdateOptions) => {
      const path = pathOf(word, options)
      const { addHost, removeHost, anonymousPull, tokenAudience, throttle } = options
      const body: RegistryChange = {}
      if (tokenAudience !== undefined) body.tokenAudience = tokenAudience
      if (throttle.length > 0) body.throttle = throttleWords(throttle)
      if (anonymousPull !== undefined) body.anonymousPull = anonymousPull
      if (addHost.length > 0 || removeHost.length > 0) {
        const held = await callApi(options, { path, answer: registryShape })
        const removed = removeHost.map(host => host.toLowerCase())
        const kept = held.hosts.filter(host => !removed.includes(host))
        body.hosts = [...new Set([...kept, ...addHost.map(host => host.toLowerCase())])]
      }
      await showOne(options, await callApi(options, { method: 'PATCH', path, body, answer: registryShape }))
    })
}

function deleteCommand(): Command {
  return apiOptions(
    named(new Command('delete').description('Delete a registry; what it holds can not be reached any more.')),
  )
    .requiredOption('-y, --yes', 'really: there is no way back')
    .action(async (word: string | undefined, options: ApiOptions & Name) => {
      await callApi(options, { method: 'DELETE', path: pathOf(word, options), answer: nothing })
      say(`Registry "${nameOf(word, options, 'registry')}" is deleted.`)
    })
}

function named(command: Command, says = 'of the registry'): Command {
  return command.argument('[name]', says).option('-n, --name <name>', 'instead of the first word')
}

function pathOf(word: string | undefined, options: Name): string {
  return `${PATH}/${encodeURIComponent(nameOf(word, options, 'registry'))}`
}

/** `endpoint`: each host gives tokens of its own. `registry`: one is good at all of them, as ACR's are. */
function audienceOption(): Option {
  return new Option('--token-audience <which>', 'where a token is good').choices(['endpoint', 'registry'])
}

function showOne(options: ApiOptions, one: Registry): Promise<void> {
  return show(options, one, { rows: [one], columns, empty: '' })
}
