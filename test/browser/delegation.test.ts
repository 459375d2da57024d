import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { articleTemplate } from '../../src/identity/delegation/article-template.fixture.ts'
import { axe, buildConsole, openBrowser, picture, SIZES } from './console.ts'
import { openTenants, type Person, type Tenants } from './tenants.ts'

// "Azure SRE Agent in a multi-tenant world", in the console: two tenants, whose owners sign in at a real provider.

const REQUIRED =
  "The 'delegatedRoleDefinitionIds' property is required when using certain roleDefinitionIds for authorization."
const PROVIDER = { id: '', name: 'keepers' }
const CUSTOMER = { id: '', name: 'harbour' }
const OTHER = { id: '', name: 'mill' }
const ANN = 'ann@keepers.example'
const CAROL = 'carol@harbour.example'

let browser: Browser
let tenants: Tenants
let dir = ''
/** Ann owns the managing tenant, carol a customer's, dave another. */
let ann: Person
let carol: Person
let dave: Person
let annId = ''
let agentId = ''
const wrong: string[] = []

before(async () => {
  buildConsole()
  dir = await mkdtemp(join(tmpdir(), 'towpath-browser-'))
  browser = await openBrowser()
  tenants = await openTenants(browser, wrong)
  for (const one of [PROVIDER, CUSTOMER, OTHER]) one.id = await tenants.tenant(one.name)
  ann = await tenants.owner(PROVIDER, ANN)
  carol = await tenants.owner(CUSTOMER, CAROL)
  dave = await tenants.owner(OTHER, 'dave@mill.example')
  const session = await ann.call('GET', '/api/v1/session')
  annId = (session.body.principal as { id: string }).id
  agentId = await made(ann, `${at(PROVIDER)}/principals`, { kind: 'agent', name: 'sre-agent', ownerId: annId })
  await made(carol, `${at(CUSTOMER)}/groups`, { name: 'edge' })
})
after(async () => {
  await browser?.close()
  await tenants?.close()
  await rm(dir, { recursive: true, force: true })
})

const at = ({ id }: { id: string }) => `/api/v1/tenants/${id}`

async function made(who: Person, path: string, body: unknown): Promise<string> {
  const answer = await who.call('POST', path, body)
  assert.equal(answer.status, 201, `${path}: ${JSON.stringify(answer.body)}`)
  return String(answer.body.id)
}

async function open({ page }: Person, tenant: { name: string }, path: string, heading: string): Promise<void> {
  await page.goto(`${tenants.platform.control}/t/${tenant.name}${path}`)
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const rows = (page: Page, table: string) => page.getByRole('table', { name: table }).getByRole('row')

async function pick(page: Page, label: string, text: string, index = 0): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).nth(index).fill(text)
  await page.getByRole('option', { name: text }).first().click()
}

/** By the page, with ann as Reader and as who may give Contributor and Log Analytics Contributor to agents. */
async function buildOffer(page: Page, name: string, delegated: readonly string[]): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Description').fill('We look after it by night')
  await page.getByLabel('For', { exact: true }).selectOption('One group')
  await page.getByLabel('Name of the group').fill('edge')
  await pick(page, 'Who of this tenant', ANN)
  await page.getByLabel('Role', { exact: true }).selectOption('Reader')
  await button(page, 'Add authorization').click()
  await pick(page, 'Who of this tenant', ANN, 1)
  await page.getByLabel('Role', { exact: true }).nth(1).selectOption('User Access Administrator')
  for (const role of delegated) await page.getByRole('checkbox', { name: role }).first().check()
  await button(page, 'Make the offer').click()
}

async function download(page: Page, form: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), button(page, form).click()])
  const path = join(dir, file.suggestedFilename())
  await file.saveAs(path)
  return path
}

async function review(who: Person, file: string): Promise<void> {
  await open(who, CUSTOMER, '/delegation/delegations/accept', 'Accept an offer')
  await who.page.getByLabel('The offer’s file').setInputFiles(file)
  await button(who.page, 'Review what it grants').click()
}

async function refusal(page: Page): Promise<string> {
  const alert = page.getByRole('alert')
  await alert.waitFor()
  return (await alert.textContent()) ?? ''
}

/** What the audit of a tenant has of one delegation and of what was assigned through it, oldest first. */
async function story(who: Person, tenant: { id: string }, delegation: string): Promise<unknown[]> {
  const { status, body } = await who.call('GET', `/api/v1/audit?tenant=${tenant.id}&limit=500`)
  assert.equal(status, 200, JSON.stringify(body))
  type Record = {
    actor: { id: string }
    action: string
    resource: string
    result: string
    detail: { delegation?: string }
  }
  return (body.records as Record[])
    .filter(one => one.detail.delegation === delegation)
    .map(({ actor, action, resource, result, detail }) => ({ actor: actor.id, action, resource, result, detail }))
    .reverse()
}

/** Every size and theme of the page as it stands. */
async function look(page: Page, name: string): Promise<void> {
  const found: string[] = []
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await picture(page, `delegation-${name}-${size}-${colorScheme}`)
      for (const one of await axe(page)) found.push(`${name}, ${size}, ${colorScheme}: ${one}`)
      const wider: number = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      if (wider > 0) found.push(`${name}, ${size}: is ${wider} px wider than the screen`)
    }
  }
  await page.setViewportSize(SIZES.wide)
  assert.deepEqual(found, [])
}

test('an offer is built, downloaded, uploaded by the customer, reviewed, accepted, used and revoked', async () => {
  await open(ann, PROVIDER, '/delegation/offers', 'Offers')
  await look(ann.page, 'no-offers')
  await ann.page.getByRole('link', { name: 'Build an offer' }).click()
  await buildOffer(ann.page, 'Night watch', ['Contributor', 'Log Analytics Contributor'])
  await ann.page.getByRole('heading', { name: 'Night watch', level: 1 }).waitFor()
  await look(ann.page, 'offer')
  const file = await download(ann.page, 'ARM template')
  const template = JSON.parse(await readFile(file, 'utf8')) as { $schema: string }
  assert.match(template.$schema, /subscriptionDeploymentTemplate/)
  assert.match(await readFile(await download(ann.page, 'YAML'), 'utf8'), /^kind: towpath\.offer\/v1$/m)
  await open(ann, PROVIDER, '/delegation/customers', 'My customers')
  await ann.page.getByText('There is nothing of a customer that you may see').waitFor()

  await review(carol, file)
  await carol.page.getByRole('heading', { name: '“Night watch” of keepers' }).waitFor()
  const words = await carol.page.getByRole('main').getByRole('listitem').allTextContents()
  assert.equal(words[1], 'It reaches the group edge of your tenant harbour, with what is added to it later.')
  assert.ok(
    words.some(one => one.startsWith(`${ANN} (a person of keepers) gets Reader: `)),
    words.join('\n'),
  )
  assert.ok(
    words.some(one => one.includes('may give Contributor and Log Analytics Contributor, and no other role')),
    words.join('\n'),
  )
  assert.deepEqual((await carol.call('GET', `${at(CUSTOMER)}/delegations`)).body, { delegations: [] })
  await look(carol.page, 'review')
  await button(carol.page, 'Accept').click()
  await carol.page.getByRole('heading', { name: 'Night watch', level: 1 }).waitFor()
  const delegation = new URL(carol.page.url()).pathname.split('/').at(-1) ?? ''
  await open(carol, CUSTOMER, '/delegation/service-providers', 'Service providers')
  await rows(carol.page, 'Service providers').filter({ hasText: 'keepers' }).waitFor()
  await look(carol.page, 'providers')
  await open(carol, CUSTOMER, '/access/assignments', 'Role assignments')
  const held = rows(carol.page, 'Role assignments').filter({ hasText: ANN }).filter({ hasText: 'Reader' })
  await held.getByRole('link', { name: 'Night watch' }).click()
  await carol.page.getByRole('heading', { name: 'Night watch', level: 1 }).waitFor()
  assert.ok(carol.page.url().endsWith(delegation))

  // Without a reload: ann looks at it since before it was accepted.
  await rows(ann.page, 'What was delegated').filter({ hasText: 'harbour' }).waitFor()
  await look(ann.page, 'customers')
  await ann.page.getByLabel('Find a resource').fill('nothing like it')
  await ann.page.getByText('No resource is like that.').waitFor()
  await ann.page.getByLabel('Find a resource').fill('edge')
  await ann.page.getByRole('link', { name: 'Let an agent work at edge' }).click()
  await pick(ann.page, 'Agent or managed identity', 'sre-agent')
  await ann.page.getByLabel('Change what is logged').check()
  await button(ann.page, 'Check what is missing').click()
  await ann.page.getByText(`${ANN} can grant it by assigning Log Analytics Contributor.`).waitFor()
  await look(ann.page, 'missing')
  await button(ann.page, 'Add what is missing').click()
  await ann.page.getByText('sre-agent got Log Analytics Contributor.').waitFor()
  await ann.page.getByText('Nothing is missing: sre-agent can work there.').waitFor()
  const assigned = (await carol.call('GET', `${at(CUSTOMER)}/assignments`)).body.assignments as {
    principalId: string
    scope: string
    source: string
  }[]
  assert.ok(assigned.some(one => one.principalId === agentId && one.source === delegation))

  await open(carol, CUSTOMER, '/delegation/delegations', 'Delegations')
  await rows(carol.page, 'Delegations').getByRole('link', { name: 'Night watch' }).click()
  await rows(carol.page, 'Role assignments').filter({ hasText: 'sre-agent' }).waitFor()
  await look(carol.page, 'delegation')
  const edge = assigned.find(one => one.source === delegation)?.scope
  const reach = () =>
    ann.call('POST', '/api/v1/customers/assignments', { scope: edge, role: 'Contributor', principal: agentId })
  const seen = () => ann.call('GET', '/api/v1/customers/resources')
  assert.equal(((await seen()).body.resources as unknown[]).length, 1)
  await button(carol.page, 'Revoke …').click()
  const dialog = carol.page.getByRole('alertdialog')
  assert.match((await dialog.textContent()) ?? '', /Reader and User Access Administrator.*one role that keepers gave/s)
  await look(carol.page, 'revoke')
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await dialog.waitFor({ state: 'detached' })
  const next = await reach()
  assert.deepEqual([next.status, next.body.title], [400, REQUIRED], 'the very next request')
  assert.deepEqual((await seen()).body, { resources: [] })
  await carol.page.getByText('Nothing is delegated').waitFor()
  await ann.page.getByRole('button', { name: 'Check what is missing' }).click()
  assert.match(await refusal(ann.page), /or none that you may see/)

  const told = await story(carol, CUSTOMER, delegation)
  assert.equal(told.length, 3, 'accepted, assigned, revoked')
  assert.deepEqual(await story(ann, PROVIDER, delegation), told)
  assert.deepEqual(wrong, [])
})

test('User Access Administrator without delegated roles fails with the words of the article, built or uploaded', async () => {
  await open(ann, PROVIDER, '/delegation/offers/new', 'Build an offer')
  await buildOffer(ann.page, 'Faulty', [])
  const built = await refusal(ann.page)
  assert.ok(built.includes(REQUIRED), built)
  assert.ok(built.includes(`Give ${ANN} the role User Access Administrator`), built)
  assert.ok(built.includes('DELEGATION_ROLES_REQUIRED'), built)
  const second = ann.page.getByRole('group', { name: 'Authorization 2' })
  assert.equal(await second.getByRole('alert').count(), 1, 'it stands at the authorization that it is about')
  await look(ann.page, 'faulty')
  await second.getByRole('checkbox', { name: 'Contributor' }).first().check()
  assert.equal(await ann.page.getByRole('alert').count(), 0)
  await button(ann.page, 'Make the offer').click()
  await ann.page.getByRole('heading', { name: 'Faulty', level: 1 }).waitFor()
  const file = await download(ann.page, 'ARM template')

  const template = JSON.parse(await readFile(file, 'utf8')) as { variables: { authorizations: object[] } }
  for (const one of template.variables.authorizations) Reflect.deleteProperty(one, 'delegatedRoleDefinitionIds')
  await writeFile(file, JSON.stringify(template))
  await review(carol, file)
  const uploaded = await refusal(carol.page)
  assert.ok(uploaded.includes(REQUIRED) && uploaded.includes('DELEGATION_ROLES_REQUIRED'), uploaded)

  await open(ann, PROVIDER, '/delegation/offers/new', 'Build an offer')
  await buildOffer(ann.page, 'Faulty', ['Reader'])
  assert.match(await refusal(ann.page), /There is an offer "Faulty" in this tenant already.*OFFER_NAME_TAKEN/s)
  await open(ann, PROVIDER, '/delegation/offers', 'Offers')
  await look(ann.page, 'offers')
  await button(ann.page, 'Actions for Faulty').click()
  await ann.page.getByRole('menuitem', { name: 'Withdraw' }).click()
  await ann.page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }).click()
  await rows(ann.page, 'Offers').filter({ hasText: 'Faulty' }).waitFor({ state: 'detached' })
  assert.deepEqual(wrong, [])
})

test('the template that the article prints is accepted once its ids are said; the managing tenant may give it back', async () => {
  const file = join(dir, 'article.json')
  await writeFile(file, JSON.stringify(articleTemplate))
  await review(carol, file)
  assert.match(await refusal(carol.page), /tenant 6e03bca1-4300-400d-9e80-000000000000, which is not on this platform/)
  await look(carol.page, 'foreign-ids')
  await carol.page.getByLabel('The managing tenant').fill(PROVIDER.id)
  await carol.page.getByLabel('Pranab Mandal').fill(annId)
  await carol.page.getByLabel('sre-agent-ext-sub1-4n4y4v5jjdtuu').fill(agentId)
  await carol.page.getByLabel('mspOfferName').fill('From the article')
  await pick(carol.page, 'Where', 'harbour / edge')
  await carol.page.getByLabel('Only if').fill('this is no cedar')
  await button(carol.page, 'Review what it grants').click()
  await carol.page.getByText('ASSIGNMENT_CONDITION_REFUSED').waitFor()
  await carol.page.getByLabel('Only if').fill('resource.kind == "group"')
  await button(carol.page, 'Review what it grants').click()
  await carol.page.getByRole('heading', { name: '“From the article” of keepers' }).waitFor()
  await carol.page.getByText('All of it counts only where resource.kind == "group".').waitFor()

  await button(carol.page, 'Back').click()
  assert.equal(await carol.page.getByLabel('mspOfferName').inputValue(), 'From the article')
  await button(carol.page, 'Review what it grants').click()
  await button(carol.page, 'Accept').click()
  await carol.page.getByRole('heading', { name: 'From the article', level: 1 }).waitFor()
  await carol.page.getByRole('list', { name: 'What is granted' }).getByText('sre-agent').first().waitFor()

  await open(ann, PROVIDER, '/delegation/customers', 'My customers')
  await button(ann.page, 'Revoke From the article of harbour').click()
  await ann.page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await ann.page.getByText('No tenant delegated anything to this one').waitFor()
  assert.deepEqual((await carol.call('GET', `${at(CUSTOMER)}/delegations`)).body, { delegations: [] })
  assert.deepEqual(wrong, [])
})

test('what is not as it was reviewed is not accepted', async () => {
  const grants = [{ principal: annId, role: 'Reader' }]
  const offer = await made(ann, `${at(PROVIDER)}/offers`, {
    name: 'Day watch',
    scope: { kind: 'group', name: 'edge' },
    grants,
  })
  const { body } = await ann.call('GET', `${at(PROVIDER)}/offers/${offer}/document?form=yaml`)
  await open(carol, CUSTOMER, '/delegation/delegations/accept', 'Accept an offer')
  await carol.page.getByLabel('Or paste what is in it').fill(String(body.document))
  await button(carol.page, 'Review what it grants').click()
  await button(carol.page, 'Accept').waitFor()

  const { resources } = (await carol.call('GET', `${at(CUSTOMER)}/resources`)).body
  const edge = (resources as { id: string; name: string }[]).find(one => one.name === 'edge')?.id
  assert.equal((await carol.call('DELETE', `${at(CUSTOMER)}/groups/${edge}`)).status, 204)
  // Another place under the same words.
  await made(carol, `${at(CUSTOMER)}/groups`, { name: 'edge' })
  await button(carol.page, 'Accept').click()
  assert.match(await refusal(carol.page), /is not what was reviewed\.Nothing was accepted\. Review it again/)
  assert.deepEqual((await carol.call('GET', `${at(CUSTOMER)}/delegations`)).body, { delegations: [] })
  await look(carol.page, 'changed')
  await button(carol.page, 'Review it again').click()
  await button(carol.page, 'Accept').click()
  await carol.page.getByRole('heading', { name: 'Day watch', level: 1 }).waitFor()
  assert.deepEqual(wrong, [])
})

test('the resources of all customers stand in one list, narrowed by words and by customer', async () => {
  const grants = [{ principal: annId, role: 'Reader' }]
  const offer = await made(ann, `${at(PROVIDER)}/offers`, { name: 'Year round', grants })
  const { document } = (await ann.call('GET', `${at(PROVIDER)}/offers/${offer}/document`)).body
  for (const [who, tenant] of [
    [carol, CUSTOMER],
    [dave, OTHER],
  ] as const) {
    const { digest } = (await who.call('POST', `${at(tenant)}/delegations/review`, { document })).body
    await made(who, `${at(tenant)}/delegations`, { document, digest })
  }
  await open(ann, PROVIDER, '/delegation/customers', 'My customers')
  const listed = rows(ann.page, 'Customers’ resources')
  await listed.filter({ hasText: 'harbour' }).filter({ hasText: 'edge' }).waitFor()
  await listed.filter({ hasText: 'mill' }).waitFor()
  await ann.page.getByLabel('Customer', { exact: true }).selectOption('mill')
  await listed.filter({ hasText: 'harbour' }).first().waitFor({ state: 'detached' })
  assert.equal(await listed.count(), 2, 'the head and the tenant itself')
  await ann.page.getByLabel('Customer', { exact: true }).selectOption('All customers')
  await ann.page.getByLabel('Find a resource').fill('edge')
  await listed.filter({ hasText: 'mill' }).waitFor({ state: 'detached' })
  assert.equal(await listed.count(), 2)
  assert.deepEqual(wrong, [])
})
