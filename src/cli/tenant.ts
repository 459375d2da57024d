import { Command } from 'commander'
import { nothing, type Tenant, type TenantBody, tenantList, tenantShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { say, show, timeText } from './output.ts'

const PATH = '/api/v1/tenants'
const columns = [
  { title: 'NAME', text: (row: Tenant) => row.name },
  { title: 'CREATED', text: (row: Tenant) => timeText(row.createdAt) },
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
          const { tenants } = await callApi(options, { path: PATH, answer: tenantList })
          await show(options, tenants, { rows: tenants, columns, empty: 'There is none that you may see.' })
        },
      ),
    )
    .addCommand(
      apiOptions(new Command('create').description('Make a tenant; for administrators of the platform.'))
        .argument('<name>', 'lower-case letters, digits and "-"')
        .action(async (name: string, options: ApiOptions) => {
          const body: TenantBody = { name }
          const made = await callApi(options, { method: 'POST', path: PATH, body, answer: tenantShape })
          await show(options, made, { rows: [made], columns, empty: '' })
          say('Nobody owns it yet: make a principal in it, then towpath access assign … Owner.')
        }),
    )
    .addCommand(
      apiOptions(new Command('delete').description('Delete a tenant that holds no groups and resources any more.'))
        .argument('<tenant>', 'name or id')
        .requiredOption('-y, --yes', 'really: its principals and roles go with it')
        .action(async (name: string, options: ApiOptions) => {
          const path = `${PATH}/${encodeURIComponent(name)}`
          await callApi(options, { method: 'DELETE', path, answer: nothing })
          say(`Tenant "${name}" is deleted.`)
        }),
    )
}
