import { Command, Option } from 'commander'
import {
  newSecretShape,
  nothing,
  type Principal,
  type PrincipalBody,
  type PrincipalChange,
  principalShape,
  type SecretBody,
  wholePrincipalShape,
} from '../api/index.ts'
import { callApi } from './api-client.ts'
import { NotInTenant } from './failures.ts'
import { listPrincipals, pathIn, placeBy, principalBy, type TenantOptions, tenantOptions } from './in-tenant.ts'
import { say, show, timeText } from './output.ts'
import { certificateCommand, federationCommand } from './principal-sign-in.ts'

type CreateOptions = TenantOptions & { kind: PrincipalBody['kind']; owner?: string; resource?: string }

export function principalCommand(): Command {
  return new Command('principal')
    .description('Users, groups, programs and agents of a tenant.')
    .addHelpText(
      'after',
      `
Examples:
  towpath principal create ann --kind user
  towpath principal create ops --kind group
  towpath principal add ops ann
  towpath principal create robot --kind agent --owner ann
  towpath principal create deployer --kind service
  towpath principal secret deployer      a client id and a secret, here given
                                         by --username and TOWPATH_PASSWORD
  towpath principal certificate --help   or by a key that stays where it is
  towpath principal federation --help    or by tokens of GitHub, GitLab …
  towpath principal disable deployer`,
    )
    .addCommand(
      tenantOptions(new Command('list').description('All principals of a tenant.')).action(
        async (options: TenantOptions) => {
          const all = await listPrincipals(options)
          await showPrincipals(options, all, all)
        },
      ),
    )
    .addCommand(createCommand())
    .addCommand(memberCommand('add', 'Put a principal into a group.'))
    .addCommand(memberCommand('remove', 'Take a principal out of a group.'))
    .addCommand(enableCommand('enable', 'Let a principal act again.'))
    .addCommand(enableCommand('disable', 'Let a principal do nothing more, from the next request on.'))
    .addCommand(secretCommand())
    .addCommand(unsecretCommand())
    .addCommand(certificateCommand())
    .addCommand(federationCommand())
    .addCommand(
      tenantOptions(new Command('delete').description('Delete a principal.'))
        .argument('<principal>', 'name or id')
        .requiredOption('-y, --yes', 'really: its secrets, memberships and assignments go with it')
        .action(async (name: string, options: TenantOptions) => {
          const { id } = await principalBy(options, name)
          await callApi(options, { method: 'DELETE', path: pathIn(options, `principals/${id}`), answer: nothing })
          say(`Principal "${name}" is deleted.`)
        }),
    )
}

function createCommand(): Command {
  return tenantOptions(new Command('create').description('Make a principal.'))
    .argument('<name>')
    .addOption(
      new Option('--kind <kind>', 'what it is')
        .choices(['user', 'group', 'service', 'managed', 'agent'])
        .makeOptionMandatory(),
    )
    .option('--owner <user>', 'of an agent: who answers for it, by name or id')
    .option('--resource <resource>', 'of a managed identity: what it belongs to, by name or id')
    .action(async (name: string, options: CreateOptions) => {
      const { kind, owner, resource } = options
      const body: PrincipalBody = {
        ...{ name, kind },
        ...(owner === undefined ? {} : { ownerId: (await principalBy(options, owner)).id }),
        ...(resource === undefined ? {} : { resourceId: (await placeBy(options, resource)).id }),
      }
      const path = pathIn(options, 'principals')
      const made = await callApi(options, { method: 'POST', path, body, answer: principalShape })
      await showPrincipals(options, made, [made])
    })
}

function memberCommand(name: 'add' | 'remove', says: string): Command {
  return tenantOptions(new Command(name).description(says))
    .argument('<group>', 'name or id')
    .argument('<member>', 'name or id')
    .action(async (group: string, member: string, options: TenantOptions) => {
      const [outer, inner] = [await principalBy(options, group), await principalBy(options, member)]
      const path = pathIn(options, `principals/${outer.id}/members/${inner.id}`)
      await callApi(options, { method: name === 'add' ? 'PUT' : 'DELETE', path, answer: nothing })
      say(name === 'add' ? `"${member}" is in "${group}".` : `"${member}" is not in "${group}".`)
    })
}

function enableCommand(name: 'enable' | 'disable', says: string): Command {
  return tenantOptions(new Command(name).description(says))
    .argument('<principal>', 'name or id')
    .action(async (text: string, options: TenantOptions) => {
      const path = pathIn(options, `principals/${(await principalBy(options, text)).id}`)
      const body: PrincipalChange = { enabled: name === 'enable' }
      const changed = await callApi(options, { method: 'PATCH', path, body, answer: principalShape })
      await showPrincipals(options, changed, [changed])
    })
}

function secretCommand(): Command {
  return tenantOptions(
    new Command('secret').description('Make a secret; it is shown this once. Two may be good at once.'),
  )
    .argument('<principal>', 'a service principal or an agent, by name or id')
    .option('--days <days>', 'how long it is good', Number, 90)
    .action(async (text: string, options: TenantOptions & { days: number }) => {
      const path = pathIn(options, `principals/${(await principalBy(options, text)).id}/secrets`)
      const body: SecretBody = { days: options.days }
      const made = await callApi(options, { method: 'POST', path, body, answer: newSecretShape })
      await show(options, made, {
        rows: [made],
        empty: '',
        columns: [
          { title: 'CLIENT ID', text: row => row.clientId },
          { title: 'SECRET', text: row => row.secret },
          { title: 'EXPIRES', text: row => timeText(row.expiresAt) },
          { title: 'ID', text: row => row.id },
        ],
      })
    })
}

function unsecretCommand(): Command {
  return tenantOptions(new Command('unsecret').description('Delete a secret; it is refused from the next request on.'))
    .argument('<principal>', 'name or id')
    .argument('<secret>', 'its id')
    .action(async (text: string, id: string, options: TenantOptions) => {
      const path = pathIn(options, `principals/${(await principalBy(options, text)).id}`)
      const { secrets } = await callApi(options, { path, answer: wholePrincipalShape })
      if (!secrets.some(one => one.id === id)) throw NotInTenant('secret', id, options.tenant, 0)
      await callApi(options, { method: 'DELETE', path: `${path}/secrets/${encodeURIComponent(id)}`, answer: nothing })
      say(`Secret ${id} is deleted.`)
    })
}

function showPrincipals(options: TenantOptions, whole: unknown, rows: readonly Principal[]): Promise<void> {
  return show(options, whole, {
    rows,
    empty: 'There is none.',
    columns: [
      { title: 'NAME', text: row => row.name },
      { title: 'KIND', text: row => row.kind },
      { title: 'ENABLED', text: row => (row.enabled ? 'yes' : 'no') },
      { title: 'OWNER', text: row => rows.find(other => other.id === row.ownerId)?.name ?? row.ownerId },
      { title: 'ID', text: row => row.id },
    ],
  })
}
