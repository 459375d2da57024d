import { Command } from 'commander'
import { type GroupBody, type MoveBody, nothing, type Place, placeShape } from '../api/index.ts'
import { callApi } from './api-client.ts'
import { listPlaces, pathIn, placeBy, type TenantOptions, tenantOptions } from './in-tenant.ts'
import { say, show } from './output.ts'

type InOptions = TenantOptions & { in?: string }

export function groupCommand(): Command {
  return new Command('group')
    .description('The tree of a tenant: groups, and the resources in them.')
    .addHelpText(
      'after',
      `
Examples:
  towpath group list
  towpath group create edge
  towpath group create north --in edge
  towpath group move team --to edge            any group or resource, by name or id
  towpath group delete north --yes`,
    )
    .addCommand(
      tenantOptions(new Command('list').description('Groups and resources that you may see.')).action(
        async (options: TenantOptions) => {
          const places = await listPlaces(options)
          await showPlaces(options, places, places)
        },
      ),
    )
    .addCommand(
      tenantOptions(new Command('create').description('Make a group.'))
        .argument('<name>', 'lower-case letters, digits and "-"')
        .option('--in <group>', 'name or id of the group that it lies in; else the tenant')
        .action(async (name: string, options: InOptions) => {
          const parent = options.in === undefined ? {} : { parentId: (await placeBy(options, options.in)).id }
          const body: GroupBody = { name, ...parent }
          const path = pathIn(options, 'groups')
          const made = await callApi(options, { method: 'POST', path, body, answer: placeShape })
          await showPlaces(options, made, [made])
        }),
    )
    .addCommand(
      tenantOptions(new Command('move').description('Put a group or resource elsewhere in its tenant.'))
        .argument('<what>', 'name or id')
        .requiredOption('--to <group>', 'name or id of a group, or "tenant"')
        .action(async (what: string, options: TenantOptions & { to: string }) => {
          const node = await placeBy(options, what)
          const parent = await placeBy(options, options.to === 'tenant' ? undefined : options.to)
          const path = pathIn(options, `resources/${node.id}/move`)
          const body: MoveBody = { parentId: parent.id }
          const moved = await callApi(options, { method: 'POST', path, body, answer: placeShape })
          await showPlaces(options, moved, [moved])
        }),
    )
    .addCommand(
      tenantOptions(new Command('delete').description('Delete a group that holds nothing any more.'))
        .argument('<group>', 'name or id')
        .requiredOption('-y, --yes', 'really: what was assigned there goes with it')
        .action(async (name: string, options: TenantOptions) => {
          const { id } = await placeBy(options, name)
          await callApi(options, { method: 'DELETE', path: pathIn(options, `groups/${id}`), answer: nothing })
          say(`Group "${name}" is deleted.`)
        }),
    )
}

function showPlaces(options: TenantOptions, whole: unknown, rows: readonly Place[]): Promise<void> {
  return show(options, whole, {
    rows,
    empty: 'There is nothing that you may see.',
    columns: [
      { title: 'NAME', text: row => row.name },
      { title: 'KIND', text: row => row.kind },
      { title: 'IN', text: row => rows.find(other => other.id === row.parentId)?.name ?? row.parentId },
      { title: 'SCOPE', text: row => row.scope },
    ],
  })
}
