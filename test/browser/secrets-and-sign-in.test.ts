import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, beforeEach, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { NewSecret, SignInProvider, WholePrincipal } from '../../src/api/index.ts'
import { selfSigned } from '../../src/kernel/http/certificate.fixture.ts'
import { freePorts, type Platform, startPlatform } from '../support/platform.ts'
import { axe, buildConsole, enterAt, flawsOf, openBrowser, openPage, picture, SIZES, signIn } from './console.ts'

const HOME = '/api/v1/tenants/default'
const DAY_MS = 86_400_000

let home: string
let platform: Platform
let browser: Browser
let page: Page
let robot: { id: string }
let wrong: string[] = []

before(async () => {
  buildConsole()
  home = await mkdtemp(join(tmpdir(), 'towpath-secrets-page-'))
  const start = { home, ports: await freePorts(), env: { TOWPATH_REGIONS_0_NODES: '1' } }
  platform = await startPlatform(start)
  robot = await make(`${HOME}/principals`, { kind: 'service', name: 'a-robot' })
  const old = await make<NewSecret>(`${HOME}/principals/${robot.id}/secrets`, { days: 730 })
  await make(`${HOME}/principals/${robot.id}/secrets`, { days: 730 })
  await platform.stop({ keep: true })
  // Nobody waits for 200 days.
  const database = new DatabaseSync(join(home, 'control', 'control.sqlite'))
  const made = Date.now() - 200 * DAY_MS
  const aged = database.prepare('update service_secret set created_at = ? where id = ?').run(made, old.id)
  database.close()
  assert.equal(aged.changes, 1)
  platform = await startPlatform(start)
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await platform?.stop()
  await rm(home, { recursive: true, force: true })
})
beforeEach(async () => {
  wrong = []
  page = await openPage(await browser.newContext({ viewport: SIZES.wide }), wrong)
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const rows = (table: string, on = page) => on.getByRole('table', { name: table }).locator('tbody tr')

const make = <T = { id: string }>(path: string, body: unknown) => platform.make<T>(path, body)

async function read<T>(path: string): Promise<T> {
  return (await (await platform.api(path)).json()) as T
}

const enter = (path: string) => enterAt(page, platform, path)

test('what is overdue comes first, with what to do about it', async () => {
  await enter('/t/default/secrets')
  const late = page.getByRole('listitem').filter({ hasText: 'Overdue' })
  assert.match((await late.textContent()) ?? '', /a-robot.*Make a new one for the program/s)
  assert.match((await rows('Secrets').first().textContent()) ?? '', /a-robot.*Overdue/s)
  await page.getByText('1 overdue').waitFor()
  await page.getByLabel('Find a secret').fill('master')
  await rows('Secrets').filter({ hasText: 'a-robot' }).first().waitFor({ state: 'detached' })
  assert.equal(await rows('Secrets').count(), 1)
  await late.getByRole('link', { name: 'Program of default' }).click()
  await page.getByRole('heading', { name: 'a-robot', level: 1 }).waitFor()
  assert.deepEqual(wrong, [])
})

test('a sign-in provider is added with groups, its secret is told nowhere, it is changed and deleted', async () => {
  const team = await make(`${HOME}/principals`, { kind: 'group', name: 'Lock keepers' })
  await enter('/t/default/access/sign-in-providers')
  await button('New provider').click()
  const dialog = page.getByRole('dialog')
  const fill = (label: string, text: string) => dialog.getByLabel(label, { exact: true }).fill(text)
  await fill('Title', 'The company')
  await fill('Name', 'corp')
  await fill('Issuer', 'https://login.example.com')
  await fill('Client id', 'towpath')
  await fill('Client secret', 'a-secret-of-the-client')
  await fill('Groups claim', 'groups')
  await button('Add a value').click()
  await fill('Value', 'keepers')
  await dialog.getByLabel('Group', { exact: true }).selectOption({ label: 'Lock keepers' })
  await picture(page, 'provider-form')
  assert.deepEqual(await axe(page), [])
  const answers: string[] = []
  page.on('response', async answer => {
    if (answer.url().includes('/api/')) answers.push(await answer.text().catch(() => ''))
  })
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Register it at the provider').waitFor()
  await page.getByText(`${platform.control}/auth/oidc/ten_default/corp/callback`).waitFor()
  const { groups, provisioning } = await read<SignInProvider>(`${HOME}/sign-in-providers/corp`)
  assert.deepEqual([groups, provisioning], [[{ value: 'keepers', groupId: team.id }], 'invited'])
  await page.keyboard.press('Escape')
  await page.goto(`${platform.control}/t/default/secrets`)
  const secret = rows('Secrets').filter({ hasText: 'Client secret of a sign-in provider' }).filter({ hasText: 'corp' })
  await secret.getByRole('link', { name: 'Sign-in providers of default' }).click()
  await rows('Sign-in providers').first().waitFor()
  assert.ok(answers.length > 0)
  for (const text of [...answers, await page.content()]) assert.ok(!text.includes('a-secret-of-the-client'))

  await button('Actions for The company').click()
  await page.getByRole('menuitem', { name: 'Change' }).click()
  assert.equal(await dialog.getByLabel('Client secret', { exact: true }).inputValue(), '')
  await dialog.getByLabel('Who comes for the first time').selectOption('automatic')
  await dialog.getByLabel('Whose name an invited user has').selectOption('username')
  await button('Without this value').click()
  await dialog.getByRole('button', { name: 'Change', exact: true }).click()
  await rows('Sign-in providers').getByText('Become users').waitFor()
  const changed = await read<SignInProvider>(`${HOME}/sign-in-providers/corp`)
  assert.deepEqual([changed.groups, changed.invitedBy], [[], 'username'])
  await button('Actions for The company').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Nobody vouches for people').waitFor()
  assert.equal((await platform.api(`${HOME}/sign-in-providers/corp`)).status, 404)
  assert.deepEqual(wrong, [])
})

test('another session of one’s own is ended, and is out from its next request on', async () => {
  const other = await openPage(await browser.newContext({ viewport: SIZES.wide }), wrong)
  await signIn(other, platform.control, platform.adminPassword)
  await enter('/t/default')
  await page.getByRole('button', { name: 'admin Administrator' }).click()
  await page.getByRole('menuitem', { name: 'My sessions' }).click()
  await page.getByRole('heading', { name: 'My sessions', level: 1 }).waitFor()
  await rows('My sessions').filter({ hasText: 'This one' }).waitFor()
  const before = await rows('My sessions').count()
  assert.equal(await rows('My sessions').filter({ hasText: 'This one' }).getByRole('button').count(), 0)
  // The newest but one's own: that of `other`.
  await rows('My sessions').nth(1).getByRole('button').click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click()
  await rows('My sessions')
    .nth(before - 1)
    .waitFor({ state: 'detached' })
  await other.goto(`${platform.control}/t/default/access/roles`)
  await other.waitForURL(/\/sign-in/)
  assert.deepEqual(wrong, [])
})

test('a program is let in by a certificate and by an issuer, and by neither any more', async () => {
  const { cert, key } = selfSigned('lock-robot')
  await enter(`/t/default/access/principals/${robot.id}`)
  await button('Add a certificate').click()
  await page.getByLabel('Certificate', { exact: true }).fill(key)
  await button('Add').click()
  await page.getByRole('dialog').getByRole('alert').waitFor()
  await page.getByLabel('Certificate', { exact: true }).fill(cert)
  await button('Add').click()
  await rows('Certificates').filter({ hasText: 'lock-robot' }).waitFor()
  await button('Trust an issuer').click()
  await page.getByLabel('Issuer', { exact: true }).fill('https://token.actions.example.com')
  await page.getByLabel('Subject', { exact: true }).fill('repo:team/app:ref:refs/heads/main')
  await page.getByLabel('Audience', { exact: true }).fill('towpath')
  await button('Trust').click()
  await rows('Federations').filter({ hasText: 'repo:team/app' }).waitFor()
  const whole = () => read<WholePrincipal>(`${HOME}/principals/${robot.id}`)
  assert.deepEqual(
    (await whole()).federations?.map(({ audience }) => audience),
    ['towpath'],
  )
  await page.getByRole('button', { name: /^Remove federation/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('It trusts no issuer').waitFor()
  await page.getByRole('button', { name: /^Remove certificate/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('It has no certificate').waitFor()
  const { certificates, federations } = await whole()
  assert.deepEqual([certificates, federations], [[], []])
  assert.deepEqual(wrong, [])
})

test('nothing that axe finds, light and dark, wide and narrow; nothing jumps or runs over the edge', async () => {
  const provider = { name: 'shown', title: 'Shown', issuer: 'https://login.example.com', clientId: 'towpath' }
  await make(`${HOME}/sign-in-providers`, { ...provider, clientSecret: 'a-secret' })
  await make(`${HOME}/principals/${robot.id}/certificates`, { certificate: selfSigned('lock-robot').cert })
  const trust = { issuer: 'https://token.actions.example.com', audience: 'towpath', subject: 'repo:team/app' }
  await make(`${HOME}/principals/${robot.id}/federations`, trust)
  const pages = {
    secrets: '/secrets',
    providers: '/access/sign-in-providers',
    sessions: '/sessions',
    'principal with keys': `/access/principals/${robot.id}`,
  }
  await signIn(page, platform.control, platform.adminPassword)
  const addresses = Object.entries(pages).map(([name, path]) => [name, `${platform.control}/t/default${path}`])
  const found = await flawsOf(page, Object.fromEntries(addresses))
  assert.deepEqual(found, [])
  assert.deepEqual(wrong, [])
})
