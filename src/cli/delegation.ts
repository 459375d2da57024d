import { readFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { FileUnreadable } from './failures.ts'
import { collect, grantText, pair, pathIn, type TenantOptions, tenantOptions } from './offer.ts'
import { say, show } from './output.ts'

const named = z.object({ id: z.string(), name: z.string() })
const grant = z.object({ principalName: z.string(), role: z.string(), delegatedRoles: z.array(z.string()) })
const delegation = z.object({
  id: z.string(),
  customer: named,
  managingTenant: named,
  offer: z.string(),
  scope: z.string(),
  grants: z.array(grant),
  acceptedAt: z.int(),
})
type Delegation = z.output<typeof delegation>
const reviewed = z.object({
  digest: z.string(),
  scope: z.string(),
  managingTenant: named,
  offer: z.string(),
  sentences: z.array(z.string()),
  grants: z.array(grant),
})
const given = z.object({ id: z.string(), scope: z.string(), principalId: z.string(), role: z.string() })
const missing = z.object({ action: z.string(), says: z.string() })

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
    .option('--map <id=id>', 'who an id of another directory is here; may be repeated', collect, [])
    .option('--parameter <name=value>', 'a parameter of the template; may be repeated', collect, [])
}

async function review(file: string, options: UploadOptions) {
  const document = await readFile(file, 'utf8').catch(error => {
    throw FileUnreadable(file, String(error.code ?? error)).from(error)
  })
  const upload = {
    document,
    map: Object.fromEntries(options.map.map(text => pair('--map', text))),
    parameters: Object.fromEntries(options.parameter.map(text => pair('--parameter', text))),
    ...(options.scope === undefined ? {} : { scope: options.scope }),
    ...(options.condition === undefined ? {} : { condition: options.condition }),
  }
  const path = pathIn(options, 'delegations/review')
  return { upload, found: await callApi(options, { method: 'POST', path, body: upload, answer: reviewed }) }
}

function reviewCommand(): Command {
  return uploadOptions(
    new Command('review').description('What an offer would grant, in words; changes nothing.'),
  ).action(async (file: string, options: UploadOptions) => {
    const { found } = await review(file, options)
    if (options.output !== 'table')
      return show(options, found, { rows: found.grants, columns: grantColumns, empty: '' })
    process.stdout.write(found.sentences.map(one => `${one}\n`).join(''))
    say(`Accept it: towpath delegation accept ${file} --tenant ${options.tenant} --yes`)
  })
}

const grantColumns = [
  { title: 'WHO', text: (row: z.output<typeof grant>) => row.principalName },
  { title: 'ROLE', text: (row: z.output<typeof grant>) => row.role },
  { title: 'MAY ASSIGN', text: (row: z.output<typeof grant>) => row.delegatedRoles.join(', ') },
]

function acceptCommand(): Command {
  return uploadOptions(new Command('accept').description('Accept an offer; says first what it grants.'))
    .requiredOption('--yes', 'really: it grants access to your tenant')
    .action(async (file: string, options: UploadOptions) => {
      const { upload, found } = await review(file, options)
      for (const sentence of found.sentences) say(sentence)
      const body = { ...upload, digest: found.digest }
      const path = pathIn(options, 'delegations')
      const made = await callApi(options, { method: 'POST', path, body, answer: delegation })
      await show(options, made, { rows: [made], columns, empty: '' })
    })
}

type ListOptions = TenantOptions & { side: string }

function listCommand(): Command {
  return tenantOptions(new Command('list').description('Delegations of a tenant.'))
    .addOption(
      new Option('--side <side>', 'what others may do in it, or what it may do in others')
        .choices(['customer', 'managing'])
        .default('customer'),
    )
    .action(async (options: ListOptions) => {
      const path = pathIn(options, `delegations?side=${options.side}`)
      const { delegations } = await callApi(options, { path, answer: z.object({ delegations: z.array(delegation) }) })
      await show(options, delegations, { rows: delegations, columns, empty: 'There is none.' })
    })
}

const provider = named.extend({ delegations: z.array(z.string()), since: z.int() })

function providersCommand(): Command {
  return tenantOptions(new Command('providers').description('The tenants that may do something in this one.')).action(
    async (options: TenantOptions) => {
      const answer = z.object({ serviceProviders: z.array(provider) })
      const { serviceProviders } = await callApi(options, { path: pathIn(options, 'service-providers'), answer })
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
    .requiredOption('--yes', 'really')
    .action(async (id: string, options: TenantOptions) => {
      const path = pathIn(options, `delegations/${encodeURIComponent(id)}`)
      await callApi(options, { method: 'DELETE', path, answer: z.undefined() })
      say(
        `Delegation ${id} is revoked. Roles that it gave to managed identities of your own tenant stay: towpath access list`,
      )
    })
}

const resource = z.object({ tenantName: z.string(), kind: z.string(), name: z.string(), scope: z.string() })

function customersCommand(): Command {
  return apiOptions(
    new Command('customers').description('The resources of all customers, as far as you may see them.'),
  ).action(async (options: ApiOptions) => {
    const answer = z.object({ resources: z.array(resource) })
    const { resources } = await callApi(options, { path: '/api/v1/customers/resources', answer })
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
  { title: 'ID', text: (row: z.output<typeof given>) => row.id },
  { title: 'PRINCIPAL', text: (row: z.output<typeof given>) => row.principalId },
  { title: 'ROLE', text: (row: z.output<typeof given>) => row.role },
  { title: 'SCOPE', text: (row: z.output<typeof given>) => row.scope },
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
      const made = await callApi(options, { method: 'POST', path, body: { principal, role, scope }, answer: given })
      await show(options, made, { rows: [made], columns: givenColumns, empty: '' })
    })
}

type PickOptions = ApiOptions & { needs: string[] }

function pickOptions(command: Command): Command {
  return apiOptions(command)
    .argument('<identity>', 'an agent or managed identity of your tenant, by name or id')
    .argument('<scope>', '/tenants/<id>, /tenants/<id>/groups/<id> or /tenants/<id>/resources/<id>')
    .option('--needs <action>', 'what it will do there, such as log/read; may be repeated', collect, [])
}

function pickBody(identity: string, scope: string, { needs }: PickOptions) {
  return { identity, scope, ...(needs.length === 0 ? {} : { needed: needs }) }
}

function checkCommand(): Command {
  return pickOptions(
    new Command('check').description('What an identity lacks at a customer’s place, and who can grant it.'),
  ).action(async (identity: string, scope: string, options: PickOptions) => {
    const path = '/api/v1/customers/scopes/check'
    const answer = z.object({ missing: z.array(missing) })
    const found = await callApi(options, { method: 'POST', path, body: pickBody(identity, scope, options), answer })
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
    const answer = z.object({ added: z.array(given), missing: z.array(missing) })
    const found = await callApi(options, { method: 'POST', path, body: pickBody(identity, scope, options), answer })
    for (const { role } of found.added) say(`${identity} got ${role}.`)
    await showMissing(options, found, found.missing)
  })
}

function showMissing(options: ApiOptions, whole: unknown, rows: readonly z.output<typeof missing>[]): Promise<void> {
  return show(options, whole, {
    rows,
    empty: 'Nothing is missing.',
    columns: [
      { title: 'MISSING', text: row => row.action },
      { title: 'WHY AND WHO', text: row => row.says },
    ],
  })
}
