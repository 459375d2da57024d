import { Command } from 'commander'
import { z } from 'zod'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { say, show } from './output.ts'

const tenant = z.object({ id: z.string(), name: z.string(), createdAt: z.int() })
type Tenant = z.output<typeof tenant>

const PATH = '/api/v1/tenants'
const columns = [
  { title: 'NAME', text: (row: Tenant) => row.name },
  { title: 'CREATED', text: (row: Tenant) => new Date(row.createdAt).toISOString() },
  { title: 'ID', text: (row: Tenant) => row.id },
]

export function tenantCommand(): Command {
  return new Command('tenant')
    .description('Tenants own registries and whatever else there is; one sees nothing of another.')
    .addHelpText(
      'after',
      `
Examples:
  towpath tenant create contoso
  towpath principal create deployer --kind service --tenant contoso
  towpath access assign deployer Owner --tenant contoso
  towpath tenant list
  towpath tenant delete contoso --yes`,
    )
    .addCommand(
      apiOptions(new Command('list').description('The tenants that you may see.')).action(
        async (options: ApiOptions) => {
          const answer = z.object({ tenants: z.array(tenant) })
          const { tenants } = await callApi(options, { path: PATH, answer })
          await show(options, tenants, { rows: tenants, columns, empty: 'There is none that you may see.' })
        },
      ),
    )
    .addCommand(
      apiOptions(new Command('create').description('Make a tenant; for administrators of the platform.'))
        .argument('<name>', 'lower-case letters, digits and "-"')
        .action(async (name: string, options: ApiOptions) => {
          const made = await callApi(options, { method: 'POST', path: PATH, body: { name }, answer: tenant })
          await show(options, made, { rows: [made], columns, empty: '' })
          say('Nobody owns it yet: make a principal in it, then towpath access assign … Owner.')
        }),
    )
    .addCommand(
      apiOptions(new Command('delete').description('Delete a tenant that holds no groups and resources any more.'))
        .argument('<tenant>', 'name or id')
        .requiredOption('--yes', 'really: its principals and roles go with it')
        .action(async (name: string, options: ApiOptions) => {
          const path = `${PATH}/${encodeURIComponent(name)}`
          await callApi(options, { method: 'DELETE', path, answer: z.undefined() })
          say(`Tenant "${name}" is deleted.`)
        }),
    )
}
