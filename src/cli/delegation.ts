import { readFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import {
  type CustomerAssignment,
  type CustomerAssignmentBody,
  customerAssignmentShape,
  customerResourceList,
  type Delegation,
  type DelegationBody,
  type DelegationQuery,
  delegationList,
  delegationShape,
  type Grant,
  type MissingList,
  missingList,
  nothing,
  type PickBody,
  pickShape,
  type ReviewBody,
  reviewShape,
  serviceProviderList,
} from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { FileUnreadable } from './failures.ts'
import { pathIn, type TenantOptions, tenantOptions } from './in-tenant.ts'
import { grantText, pair } from './offer.ts'
import { say, show } from './output.ts'
import { repeated } from './repeated.ts'

const columns = [
  { title: 'ID', text: (row: Delegation) => row.id },
  { title: 'CUSTOMER', text: (row: Delegation) => row.customer.name },
  { title: 'SERVICE PROVIDER', text: (row: Delegation) => row.managingTenant.name },
  { title: 'OFFER', text: (row: Delegation) => row.offer },
  { title: 'SCOPE', text: (row: Delegation) => row.scope },
  { title: 'GRANTS', text: (row: Delegation) => row.grants.map(grantText).join('; ') },
]

export function delegationCommand(): Command {
  return new Command('delegation')
    .description('What other tenants may do in yours, and yours in others.')
    .addHelpText(
      'after',
      `
Examples:
  towpath delegation review care.json --tenant customer           what it would grant, in words
  towpath delegation accept care.json --tenant customer --yes
  towpath delegation list --tenant customer
  towpath delegation revoke dlg_01k9 --tenant customer --yes
  towpath delegation customers                                    all customers' resources that you may see
  towpath delegation check robot /tenants/ten_01k9                what the agent lacks there, and who can grant it`,
    )
    .addCommand(reviewCommand())
    .addCommand(acceptCommand())
    .addCommand(listCommand())
    .addCommand(providersCommand())
    .addCommand(revokeCommand())
    .addCommand(customersCommand())
    .addCommand(assignCommand())
    .addCommand(checkCommand())
    .addCommand(pickCommand())
}

type UploadOptions = TenantOptions & { map: string[]; parameter: string[]; scope?: string; condition?: string }

function uploadOptions(command: Command): Command {
  return tenantOptions(command)
    .argument('<file>', 'an ARM template or YAML')
    .option('--scope <scope>', 'where it shall hold, if not where the offer says')
    .option('--condition <expression>', 'what all of it needs besides, such as resource.kind == "registry"')
    .addOption(repeated('--map <id=id>', 'who an id of another directory is here'))
    .addOption(repeated('--parameter <name=value>', 'a parameter of the template'))
}

async function review(file: string, options: UploadOptions) {
  const document = await readFile(file, 'utf8').catch(error => {
    throw FileUnreadable(file, String(error.code ?? error)).from(error)
  })
  const upload: ReviewBody = {
    document,
    map: Object.fromEntries(options.map.map(text => pair('--map', text))),
    parameters: Object.fromEntries(options.parameter.map(text => pair('--parameter', text))),
    ...(options.scope === undefined ? {} : { scope: options.scope }),
    ...(options.condition === undefined ? {} : { condition: options.condition }),
  }
  const path = pathIn(options, 'delegations/review')
  return { upload, found: await callApi(options, { method: 'POST', path, body: upload, answer: reviewShape }) }
}

function reviewCommand(): Command {
  return uploadOptions(
    new Command('review').description('What an offer would grant, in words; changes nothing.'),
  ).action(async (file: string, options: UploadOptions) => {
    const { found } = await review(file, options)
    if (options.output !== 'table' || options.query !== undefined)
      return show(options, found, { rows: found.grants, columns: grantColumns, empty: '' })
    process.stdout.write(found.sentences.map(one => `${one}\n`).join(''))
    say(`Accept it: towpath delegation accept ${file} --tenant ${options.tenant} --yes`)
  })
}

const grantColumns = [
  { title: 'WHO', text: (row: Grant) => row.principalName },
  { title: 'ROLE', text: (row: Grant) => row.role },
  { title: 'MAY ASSIGN', text: (row: Grant) => row.delegatedRoles.join(', ') },
]

function acceptCommand(): Command {
  return uploadOptions(new Command('accept').description('Accept an offer; says first what it grants.'))
    .requiredOption('-y, --yes', 'really: it grants access to your tenant')
    .action(async (file: string, options: UploadOptions) => {
      const { upload, found } = await review(file, options)
      for (const sentence of found.sentences) say(sentence)
      const body: DelegationBody = { ...upload, digest: found.digest }
      const path = pathIn(options, 'delegations')
      const made = await callApi(options, { method: 'POST', path, body, answer: delegationShape })
      await show(options, made, { rows: [made], columns, empty: '' })
    })
}

type ListOptions = TenantOptions & { side: NonNullable<DelegationQuery['side']> }

function listCommand(): Command {
  return tenantOptions(new Command('list').description('Delegations of a tenant.'))
    .addOption(
      new Option('--side <side>', 'what others may do in it, or what it may do in others')
        .choices(['customer', 'managing'])
        .default('customer'),
    )
    .action(async (options: ListOptions) => {
      const path = pathIn(options, `delegations?side=${options.side}`)
      const { delegations } = await callApi(options, { path, answer: delegationList })
      await show(options, delegations, { rows: delegations, columns, empty: 'There is none.' })
    })
}

function providersCommand(): Command {
  return tenantOptions(new Command('providers').description('The tenants that may do something in this one.')).action(
    async (options: TenantOptions) => {
      const path = pathIn(options, 'service-providers')
      const { serviceProviders } = await callApi(options, { path, answer: serviceProviderList })
      await show(options, serviceProviders, {
        rows: serviceProviders,
        empty: 'There is none.',
        columns: [
          { title: 'SERVICE PROVIDER', text: row => row.name },
          { title: 'DELEGATIONS', text: row => row.delegations.join(', ') },
          { title: 'SINCE', text: row => new Date(row.since).toISOString().slice(0, 10) },
        ],
      })
    },
  )
}

function revokeCommand(): Command {
  return tenantOptions(
    new Command('revoke').description(
      'Revoke a delegation, as customer or as service provider; the next request is refused.',
    ),
  )
    .argument('<delegation>', 'its id')
    .requiredOption('-y, --yes', 'really')
    .action(async (id: string, options: TenantOptions) => {
      const path = pathIn(options, `delegations/${encodeURIComponent(id)}`)
      await callApi(options, { method: 'DELETE', path, answer: nothing })
      say(
        `Delegation ${id} is revoked. Roles that it gave to managed identities of your own tenant stay: towpath access list`,
      )
    })
}

function customersCommand(): Command {
  return apiOptions(
    new Command('customers').description('The resources of all customers, as far as you may see them.'),
  ).action(async (options: ApiOptions) => {
    const path = '/api/v1/customers/resources'
    const { resources } = await callApi(options, { path, answer: customerResourceList })
    await show(options, resources, {
      rows: resources,
      empty: 'Nothing is delegated to you.',
      columns: [
        { title: 'CUSTOMER', text: row => row.tenantName },
        { title: 'KIND', text: row => row.kind },
        { title: 'NAME', text: row => row.name },
        { title: 'SCOPE', text: row => row.scope },
      ],
    })
  })
}

const givenColumns = [
  { title: 'ID', text: (row: CustomerAssignment) => row.id },
  { title: 'PRINCIPAL', text: (row: CustomerAssignment) => row.principalId },
  { title: 'ROLE', text: (row: CustomerAssignment) => row.role },
  { title: 'SCOPE', text: (row: CustomerAssignment) => row.scope },
]

function assignCommand(): Command {
  return apiOptions(
    new Command('assign').description(
      'Give a managed identity a role in a customer’s tenant, as its delegation allows.',
    ),
  )
    .argument('<principal>', 'id of the managed identity, or of an agent of your tenant')
    .argument('<role>', 'name or id')
    .argument('<scope>', '/tenants/<id>, /tenants/<id>/groups/<id> or /tenants/<id>/resources/<id>')
    .action(async (principal: string, role: string, scope: string, options: ApiOptions) => {
      const path = '/api/v1/customers/assignments'
      const body: CustomerAssignmentBody = { principal, role, scope }
      const made = await callApi(options, { method: 'POST', path, body, answer: customerAssignmentShape })
      await show(options, made, { rows: [made], columns: givenColumns, empty: '' })
    })
}

type PickOptions = ApiOptions & { needs: string[] }

function pickOptions(command: Command): Command {
  return apiOptions(command)
    .argument('<identity>', 'an agent or managed identity of your tenant, by name or id')
    .argument('<scope>', '/tenants/<id>, /tenants/<id>/groups/<id> or /tenants/<id>/resources/<id>')
    .addOption(repeated('--needs <action>', 'what it will do there, such as log/read'))
}

function pickBody(identity: string, scope: string, { needs }: PickOptions): PickBody {
  return { identity, scope, ...(needs.length === 0 ? {} : { needed: needs }) }
}

function checkCommand(): Command {
  return pickOptions(
    new Command('check').description('What an identity lacks at a customer’s place, and who can grant it.'),
  ).action(async (identity: string, scope: string, options: PickOptions) => {
    const path = '/api/v1/customers/scopes/check'
    const body = pickBody(identity, scope, options)
    const found = await callApi(options, { method: 'POST', path, body, answer: missingList })
    await showMissing(options, found.missing, found.missing)
  })
}

function pickCommand(): Command {
  return pickOptions(
    new Command('pick').description(
      'Let an agent work at a customer’s place: assigns what it lacks, as far as you may.',
    ),
  ).action(async (identity: string, scope: string, options: PickOptions) => {
    const path = '/api/v1/customers/scopes'
    const body = pickBody(identity, scope, options)
    const found = await callApi(options, { method: 'POST', path, body, answer: pickShape })
    for (const { role } of found.added) say(`${identity} got ${role}.`)
    await showMissing(options, found, found.missing)
  })
}

function showMissing(options: ApiOptions, whole: unknown, rows: MissingList['missing']): Promise<void> {
  return show(options, whole, {
    rows,
    empty: 'Nothing is missing.',
    columns: [
      { title: 'MISSING', text: row => row.action },
      { title: 'WHY AND WHO', text: row => row.says },
    ],
  })
}
