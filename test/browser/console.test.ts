import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { until } from '../peers/support/process.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { axe, buildConsole, enterAt, flawsOf, openBrowser, openPage, picture, SIZES, signIn } from './console.ts'

const HOME = '/api/v1/tenants/default'

let platform: Platform
let browser: Browser
let page: Page
/** What the browser found wrong with a page; every test ends with none. */
let wrong: string[] = []

before(async () => {
  buildConsole()
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await platform?.stop()
})
beforeEach(async () => {
  wrong = []
  const context = await browser.newContext({ viewport: SIZES.wide })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  page = await openPage(context, wrong)
})

const at = (path: string) => platform.control + path
const button = (name: string, exact = true) => page.getByRole('button', { name, exact })
const rows = (table: string) => page.getByRole('table', { name: table }).getByRole('row')

const make = <T = { id: string }>(path: string, body: unknown) => platform.make<T>(path, body)

const enter = (path = '/') => enterAt(page, platform, path)

test('who is not signed in is led to the sign-in and back to the page that was asked for', async () => {
  await page.goto(at('/t/default/access/roles'))
  await page.waitForURL(/\/sign-in\?return=/)
  await page.getByLabel('Password').fill('not the password')
  await button('Sign in').click()
  const alert = page.getByRole('alert')
  await alert.waitFor()
  assert.match((await alert.textContent()) ?? '', /UNAUTHORIZED/)
  await page.getByLabel('Password').fill(platform.adminPassword)
  await button('Sign in').click()
  await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  assert.equal(new URL(page.url()).pathname, '/t/default/access/roles')

  await button('admin Administrator', false).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in to Towpath' }).waitFor()
  await page.goto(at('/t/default'))
  await page.waitForURL(/\/sign-in/)
  assert.deepEqual(wrong, [])
})

test('an address elsewhere is never returned to, and words of an address are not shown', async () => {
  await page.goto(at('/sign-in?return=https://elsewhere.example/&problem=<b>Pay+here</b>'))
  await page.getByText('The sign-in did not work').waitFor()
  assert.equal(await page.getByText('Pay here').count(), 0)
  await page.getByLabel('Password').fill(platform.adminPassword)
  await button('Sign in').click()
  await page.getByRole('heading', { name: 'default', level: 1 }).waitFor()
  assert.equal(new URL(page.url()).origin, platform.control)
  assert.deepEqual(wrong, [])
})

test('the overview shows every process, and one that dies and comes back, without being asked again', async () => {
  await enter()
  for (const name of ['control', 'writer home', 'region home 0'])
    await rows('Processes').filter({ hasText: name }).getByText('Ready').waitFor()
  await platform.kill9('region home 0')
  const region = rows('Processes').filter({ hasText: 'region home 0' })
  await region.getByText('SIGKILL').waitFor()
  await region.getByText('Ready').waitFor()
  assert.deepEqual(wrong, [])
})

test('a principal is made, its secret is shown once and signs in, and it is deleted after a question', async () => {
  await enter('/t/default/access/principals')
  await button('New principal').click()
  await page.getByLabel('Kind').selectOption('service')
  await page.getByLabel('Name', { exact: true }).fill('lock-keeper')
  await button('Create').click()
  await page.getByRole('heading', { name: 'lock-keeper', level: 1 }).waitFor()
  await button('New secret').click()
  await button('Create').click()
  const secret = await page.getByLabel('Secret', { exact: true }).inputValue()
  const id = await page.getByLabel('Client id', { exact: true }).inputValue()
  await button('Copy Secret').click()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), secret)
  await picture(page, 'secret')
  await button('I have copied it').click()
  await page.getByText(secret).waitFor({ state: 'detached' })
  assert.ok(!(await page.content()).includes(secret))
  const asked = await fetch(at('/api/v1/session'), { headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` } })
  assert.equal(asked.status, 200)

  await button('Actions').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const question = page.getByRole('alertdialog')
  assert.match((await question.textContent()) ?? '', /lock-keeper.*Its secrets, its roles/s)
  await question.getByRole('button', { name: 'Cancel' }).click()
  await question.waitFor({ state: 'detached' })
  await button('Actions').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await question.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'Principals', level: 1 }).waitFor()
  await rows('Principals').filter({ hasText: 'lock-keeper' }).waitFor({ state: 'detached' })
  assert.equal((await platform.api(`${HOME}/principals/${id}`)).status, 404)
  assert.deepEqual(wrong, [])
})

test('a role is assigned at a group by typing its name, and what control refuses is said in place', async () => {
  const group = await make<{ id: string; scope: string }>(`${HOME}/groups`, { name: 'barges' })
  await make(`${HOME}/principals`, { kind: 'user', name: 'Ada Lovelace' })
  await enter('/t/default/access/assignments')
  await button('Assign a role').click()
  const dialog = page.getByRole('dialog')
  const pick = async (label: string, typed: string, option: string) => {
    await dialog.getByLabel(label, { exact: true }).fill(typed)
    await page.getByRole('option', { name: option }).first().click()
  }
  await pick('Principal', 'ada', 'Ada Lovelace')
  await pick('Role', 'contrib', 'Contributor')
  await pick('Where', 'barges', 'default / barges')
  await dialog.getByLabel('Only if').fill('this is no cedar')
  await button('Assign').click()
  await dialog.getByRole('alert').waitFor()
  await dialog.getByLabel('Only if').fill('')
  await button('Assign').click()
  await rows('Role assignments').filter({ hasText: 'Ada Lovelace' }).filter({ hasText: 'default / barges' }).waitFor()
  const { assignments } = (await (await platform.api(`${HOME}/assignments`)).json()) as {
    assignments: { scope: string }[]
  }
  assert.ok(assignments.some(({ scope }) => scope === group.scope))
  assert.deepEqual(wrong, [])
})

test('a registry token is made, its passwords are shown once, and one is replaced', async () => {
  await enter('/t/default/registries/default')
  await button('New token').click()
  await page.getByLabel('Name', { exact: true }).fill('deployer')
  await page.getByLabel('Scope map', { exact: true }).fill('pull')
  await page.getByRole('option', { name: '_repositories_pull' }).first().click()
  await button('Create').click()
  const first = await page.getByLabel('Password 1', { exact: true }).inputValue()
  assert.notEqual(first, await page.getByLabel('Password 2', { exact: true }).inputValue())
  await button('I have copied it').click()
  await rows('Tokens').filter({ hasText: 'deployer' }).getByText('Enabled').waitFor()
  await button('Actions for deployer').click()
  await page.getByRole('menuitem', { name: 'Regenerate password 1' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Regenerate' }).click()
  const second = await page.getByLabel('Password 1', { exact: true }).inputValue()
  assert.notEqual(second, first)
  assert.equal(await page.getByLabel('Password 2', { exact: true }).count(), 0)
  const may = async (password: string) => {
    const authorization = `Basic ${btoa(`deployer:${password}`)}`
    return (await fetch(`http://${platform.registry}/v2/`, { headers: { authorization } })).status
  }
  for (let tries = 0; tries < 200 && (await may(second)) !== 200; tries++) await page.waitForTimeout(50)
  assert.deepEqual([await may(second), await may(first)], [200, 401])
  assert.deepEqual(wrong, [])
})

test('a command line is signed in by the code that it shows, and only once', async () => {
  const form = async (path: string, fields: Record<string, string>) => {
    const answer = await fetch(at(path), { method: 'POST', body: new URLSearchParams(fields) })
    return (await answer.json()) as Record<string, string>
  }
  const client = { client_id: 'towpath-cli' }
  const { device_code = '', user_code = '' } = await form('/oauth2/device_authorization', client)
  const grant = { ...client, grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code }
  // Whoever follows the link before signing in comes back to it.
  await page.goto(at(`/device?code=${user_code}`))
  await page.waitForURL(/\/sign-in\?return=/)
  await page.getByLabel('Password').fill(platform.adminPassword)
  await button('Sign in').click()
  await page.getByText(user_code).waitFor()
  await page.getByText('will be signed in there as admin').waitFor()
  await picture(page, 'device-asked')
  await button('Allow').click()
  await page.getByText('The command line is signed in').waitFor()
  assert.ok((await form('/oauth2/token', grant)).access_token)

  await page.goto(at('/device'))
  await page.getByLabel('Code').fill(user_code)
  await button('Continue').click()
  await page.getByRole('alert').waitFor()
  assert.deepEqual(wrong, [])
})

test('another tenant is found by a few letters, and the page is about it from then on', async () => {
  await make('/api/v1/tenants', { name: 'northwind' })
  await enter('/t/default/access/resources')
  await page.getByLabel('Tenant: default. Change').click()
  await page.getByLabel('Find a tenant').fill('north')
  await page.getByRole('option', { name: 'northwind' }).click()
  await page.getByRole('heading', { name: 'northwind', level: 1 }).waitFor()
  // The overview leads there too, once its counts have come.
  const navigation = page.getByRole('navigation', { name: 'Main' })
  await navigation.getByRole('link', { name: 'Groups and resources', exact: true }).click()
  await rows('Groups and resources').filter({ hasText: 'northwind' }).waitFor()
  await page.goto(at('/'))
  await page.waitForURL(at('/t/northwind'))
  await page.goto(at('/t/nowhere'))
  await page.getByText('There is nothing here').waitFor()
  assert.deepEqual(wrong, [])
})

test('what somebody else changes is there without a reload', async () => {
  await enter('/t/default/access/resources')
  await rows('Groups and resources').nth(1).waitFor()
  await make(`${HOME}/groups`, { name: 'made-elsewhere' })
  await rows('Groups and resources').filter({ hasText: 'made-elsewhere' }).waitFor()
  assert.deepEqual(wrong, [])
})

test('the keyboard alone signs in, goes to a page, makes a group and leaves a dialog', async () => {
  const focused = (): Promise<string> => page.evaluate(`document.activeElement?.textContent?.trim() ?? ''`)
  const tabTo = async (what: string) => {
    for (let tries = 0; tries < 40; tries++) {
      if ((await focused()) === what) return
      await page.keyboard.press('Tab')
    }
    assert.fail(`Tab does not lead to "${what}" but to "${await focused()}"`)
  }
  await page.goto(at('/sign-in'))
  await page.getByLabel('Password').waitFor()
  // It has the focus already.
  await page.keyboard.type(platform.adminPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'default', level: 1 }).waitFor()
  await tabTo('Groups and resources')
  assert.equal(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'solid')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Groups and resources', level: 1 }).waitFor()
  await tabTo('New group')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(await focused(), 'New group')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.getByLabel('Name', { exact: true }).focus()
  await page.keyboard.type('by-keyboard')
  await page.keyboard.press('Enter')
  await rows('Groups and resources').filter({ hasText: 'by-keyboard' }).waitFor()
  assert.deepEqual(wrong, [])
})

test('a table wider than the screen is scrolled by the keyboard, and is no stop of it where there is room', async () => {
  await enter()
  await rows('Processes').first().waitFor()
  const box = page.getByRole('region', { name: 'Processes' })
  assert.equal(await box.count(), 0)
  // A phone at a larger zoom.
  await page.setViewportSize({ width: 200, height: 600 })
  await box.waitFor()
  assert.deepEqual(await axe(page), [])
  await box.focus()
  await page.keyboard.press('ArrowRight')
  // Asked from here: what waits inside the page evaluates text there, which its policy forbids.
  await until('the table to scroll', () => page.evaluate('document.activeElement.scrollLeft > 0'))
  await page.setViewportSize(SIZES.wide)
  await box.waitFor({ state: 'detached' })
  assert.deepEqual(wrong, [])
})

test('a dialog darkens the strip of the scroll bar as it darkens the page', async () => {
  await enter('/t/default/access/resources')
  const strip = (): Promise<string> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
  const light = await strip()
  await button('New group').click()
  await page.getByRole('dialog').waitFor()
  assert.notEqual(await strip(), light)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(await strip(), light)
})

test('a chosen theme is there before the first paint and stays', async () => {
  await page.emulateMedia({ colorScheme: 'light' })
  await enter()
  const paper = (): Promise<string> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
  const light = await paper()
  await button('admin Administrator', false).click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  const dark = await paper()
  assert.notEqual(dark, light)
  // Before any module ran: theme.js alone has set it.
  await page.route('**/assets/*.js', route => route.abort())
  await page.reload({ waitUntil: 'domcontentloaded' })
  assert.equal(await paper(), dark)
})

test('each page: nothing that axe finds, light and dark, wide and narrow; nothing jumps or runs over the edge', async () => {
  const robot = await make(`${HOME}/principals`, { kind: 'service', name: 'a-robot' })
  const team = await make(`${HOME}/principals`, { kind: 'group', name: 'A team' })
  await make(`${HOME}/principals/${robot.id}/secrets`, {})
  await make(`${HOME}/locks`, { nodeId: (await make(`${HOME}/groups`, { name: 'locked' })).id, kind: 'no-delete' })
  const pages = {
    'sign-in': '/sign-in',
    device: '/device',
    overview: '/t/default',
    registries: '/t/default/registries',
    registry: '/t/default/registries/default',
    principals: '/t/default/access/principals',
    principal: `/t/default/access/principals/${robot.id}`,
    group: `/t/default/access/principals/${team.id}`,
    assignments: '/t/default/access/assignments',
    roles: '/t/default/access/roles',
    resources: '/t/default/access/resources',
    'service-providers': '/t/default/delegation/service-providers',
    delegations: '/t/default/delegation/delegations',
    accept: '/t/default/delegation/delegations/accept',
    offers: '/t/default/delegation/offers',
    'new-offer': '/t/default/delegation/offers/new',
    customers: '/t/default/delegation/customers',
    agent: '/t/default/delegation/customers/agent',
    audit: '/t/default/audit',
    missing: '/t/nowhere',
  }
  await signIn(page, platform.control, platform.adminPassword)
  const addresses = Object.entries(pages).map(([name, path]) => [name, at(path)])
  const found = await flawsOf(page, Object.fromEntries(addresses))
  assert.deepEqual(found, [])
  assert.deepEqual(wrong, [])
})
