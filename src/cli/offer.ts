import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import {
  type DocumentQuery,
  delegableRoleList,
  documentShape,
  type Grant,
  nothing,
  type Offer,
  type OfferBody,
  offerList,
  offerShape,
} from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { FileUnwritable, OptionMalformed } from './failures.ts'
import { pathIn, type TenantOptions, tenantOptions } from './in-tenant.ts'
import { say, show } from './output.ts'
import { repeated } from './repeated.ts'

const columns = [
  { title: 'NAME', text: (row: Offer) => row.name },
  { title: 'SCOPE', text: (row: Offer) => scopeText(row.scope) },
  { title: 'GRANTS', text: (row: Offer) => row.grants.map(grantText).join('; ') },
  { title: 'ID', text: (row: Offer) => row.id },
]

export function offerCommand(): Command {
  return new Command('offer')
    .description('Offers to other tenants: what yours would do for them, by which roles, until they revoke it.')
    .addHelpText(
      'after',
      `
Examples:
  towpath offer create care --tenant provider --grant ann=Contributor --grant robot=Reader
  towpath offer create edge-care --tenant provider --group edge --grant ops="Monitoring Reader" \\
    --assigner ann="Contributor,Log Analytics Contributor"
  towpath offer export care --tenant provider --to care.json      an ARM template for the customer
  towpath offer export care --tenant provider --form yaml
  towpath offer roles                                             what can be offered`,
    )
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(exportCommand())
    .addCommand(deleteCommand())
    .addCommand(rolesCommand())
}

function scopeText(scope: Offer['scope']): string {
  return scope.kind === 'tenant' ? scope.kind : `${scope.kind} ${scope.name}`
}

export function grantText({ principalName, role, delegatedRoles }: Grant): string {
  const listed = delegatedRoles.length === 0 ? '' : ` (may assign ${delegatedRoles.join(', ')})`
  return `${principalName}: ${role}${listed}`
}

/** `a=b` → [a, b]; the first "=" parts them. */
export function pair(option: string, text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1) throw OptionMalformed(option, text)
  return [text.slice(0, at), text.slice(at + 1)]
}

type CreateOptions = TenantOptions & {
  description: string
  group?: string
  resource?: string
  grant: string[]
  assigner: string[]
}

function createCommand(): Command {
  return tenantOptions(
    new Command('create').description('Make an offer; it grants nothing until a customer accepts it.'),
  )
    .argument('<name>')
    .option('--description <text>', 'what it is for', '')
    .addOption(new Option('--group <name>', 'for a group of that name, not the whole tenant').conflicts('resource'))
    .option('--resource <name>', 'for a resource of that name, not the whole tenant')
    .addOption(repeated('--grant <principal=role>', 'who of your tenant gets which role'))
    .addOption(
      repeated(
        '--assigner <principal=roles>',
        'who may assign these roles to managed identities (User Access Administrator)',
      ),
    )
    .action(async (name: string, options: CreateOptions) => {
      const { description, group, resource } = options
      const grants = [
        ...options.grant.map(text => pair('--grant', text)).map(([principal, role]) => ({ principal, role })),
        ...options.assigner
          .map(text => pair('--assigner', text))
          .map(([principal, roles]) => ({
            principal,
            role: 'User Access Administrator',
            delegatedRoles: roles.split(',').map(one => one.trim()),
          })),
      ]
      const scope: OfferBody['scope'] =
        group !== undefined
          ? { kind: 'group', name: group }
          : resource !== undefined
            ? { kind: 'resource', name: resource }
            : { kind: 'tenant' }
      const body: OfferBody = { name, description, scope, grants }
      const made = await callApi(options, { method: 'POST', path: pathIn(options, 'offers'), body, answer: offerShape })
      await show(options, made, { rows: [made], columns, empty: '' })
    })
}

function listCommand(): Command {
  return tenantOptions(new Command('list').description('What a tenant offers.')).action(
    async (options: TenantOptions) => {
      const { offers } = await callApi(options, { path: pathIn(options, 'offers'), answer: offerList })
      await show(options, offers, { rows: offers, columns, empty: 'There is none.' })
    },
  )
}

type ExportOptions = TenantOptions & { form: NonNullable<DocumentQuery['form']>; to?: string }

function exportCommand(): Command {
  return tenantOptions(new Command('export').description('Write an offer as the file that a customer accepts.'))
    .argument('<offer>', 'name or id')
    .addOption(new Option('--form <form>', 'an ARM template, or YAML').choices(['arm', 'yaml']).default('arm'))
    .option('--to <file>', 'where to; standard output if left out')
    .action(async (name: string, options: ExportOptions) => {
      const path = pathIn(options, `offers/${encodeURIComponent(name)}/document?form=${options.form}`)
      const { document } = await callApi(options, { path, answer: documentShape })
      if (options.to === undefined) {
        process.stdout.write(document)
        return
      }
      await writeFile(options.to, document).catch(error => {
        throw FileUnwritable(options.to ?? '', String(error.code ?? error)).from(error)
      })
      say(`Written to ${options.to}. The customer reviews it: towpath delegation review ${options.to}`)
    })
}

function deleteCommand(): Command {
  return tenantOptions(new Command('delete').description('Withdraw an offer; what was accepted of it stays.'))
    .argument('<offer>', 'name or id')
    .requiredOption('-y, --yes', 'really')
    .action(async (name: string, options: TenantOptions) => {
      const path = pathIn(options, `offers/${encodeURIComponent(name)}`)
      await callApi(options, { method: 'DELETE', path, answer: nothing })
      say(`Offer "${name}" is withdrawn.`)
    })
}

function rolesCommand(): Command {
  return apiOptions(new Command('roles').description('The roles that can be offered.')).action(
    async (options: ApiOptions) => {
      const { roles } = await callApi(options, { path: '/api/v1/delegable-roles', answer: delegableRoleList })
      await show(options, roles, {
        rows: roles,
        empty: 'There is none.',
        columns: [
          { title: 'NAME', text: row => row.name },
          { title: 'DESCRIPTION', text: row => row.description },
          { title: 'ID', text: row => row.id },
          { title: 'AZURE ID', text: row => row.azureId },
        ],
      })
    },
  )
}
