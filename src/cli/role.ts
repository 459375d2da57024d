import { Command } from 'commander'
import { nothing, type Role, type RoleBody, roleShape } from '../api/index.ts'
import { callApi } from './api-client.ts'
import { listRoles, pathIn, roleBy, type TenantOptions, tenantOptions } from './in-tenant.ts'
import { say, show } from './output.ts'
import { repeated } from './repeated.ts'

type CreateOptions = TenantOptions & {
  description: string
  allow: string[]
  except: string[]
  data: string[]
}

export function roleCommand(): Command {
  return new Command('role')
    .description('What can be given to somebody: the built-in roles, with the Azure ids they answer to, and your own.')
    .addHelpText(
      'after',
      `
Examples:
  towpath role list
  towpath role actions                          everything that can be allowed
  towpath role create Runner --allow 'pipeline/*' --except pipeline/delete
  towpath role create Puller --allow registry/read --data registry/content/read
  towpath role delete Runner --yes`,
    )
    .addCommand(
      tenantOptions(new Command('list').description('The built-in roles and the tenant’s own.')).action(
        async (options: TenantOptions) => {
          const { roles } = await listRoles(options)
          await showRoles(options, roles, roles)
        },
      ),
    )
    .addCommand(
      tenantOptions(new Command('actions').description('Everything that can be allowed.')).action(
        async (options: TenantOptions) => {
          const { actions } = await listRoles(options)
          const rows = actions.map(action => ({ action }))
          const columns = [{ title: 'ACTION', text: (row: { action: string }) => row.action }]
          await show(options, actions, { rows, columns, empty: '' })
        },
      ),
    )
    .addCommand(createCommand())
    .addCommand(
      tenantOptions(new Command('delete').description('Delete a role that nobody has.'))
        .argument('<role>', 'name or id')
        .requiredOption('-y, --yes', 'really')
        .action(async (name: string, options: TenantOptions) => {
          const { id } = await roleBy(options, name)
          await callApi(options, { method: 'DELETE', path: pathIn(options, `roles/${id}`), answer: nothing })
          say(`Role "${name}" is deleted.`)
        }),
    )
}

function createCommand(): Command {
  return tenantOptions(new Command('create').description('Make a role.'))
    .argument('<name>')
    .option('--description <text>', 'what it is for', '')
    .addOption(repeated('--allow <pattern>', 'an action, a part that ends in /*, or *'))
    .addOption(repeated('--except <pattern>', 'not these of what --allow names'))
    .addOption(repeated('--data <pattern>', 'an action on what resources hold'))
    .action(async (name: string, options: CreateOptions) => {
      const { description, allow, except, data } = options
      const body: RoleBody = { name, description, actions: allow, notActions: except, dataActions: data }
      const made = await callApi(options, { method: 'POST', path: pathIn(options, 'roles'), body, answer: roleShape })
      await showRoles(options, made, [made])
    })
}

function showRoles(options: TenantOptions, whole: unknown, rows: readonly Role[]): Promise<void> {
  return show(options, whole, {
    rows,
    empty: 'There is none.',
    columns: [
      { title: 'NAME', text: row => row.name },
      { title: 'BUILT IN', text: row => (row.builtIn ? 'yes' : 'no') },
      { title: 'DESCRIPTION', text: row => row.description },
      { title: 'ID', text: row => row.id },
      { title: 'AZURE ID', text: row => row.azureId ?? '' },
    ],
  })
}
