import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Webhook, WebhookEvent } from '../../src/api/index.ts'
import { towpathDone } from '../support/command.ts'
import { freePorts, type Platform, startPlatform } from '../support/platform.ts'
import { Receiver } from '../support/receiver.ts'
import { axe, buildConsole, enterAt, flawsOf, openBrowser, openPage, picture, SIZES, signIn } from './console.ts'

const HOOKS = '/api/v1/registries/default/webhooks'
const AT = '/t/default/registries/default/webhooks'

let platform: Platform
let receiver: Receiver
let browser: Browser
let page: Page
let wrong: string[] = []

before(async () => {
  buildConsole()
  receiver = new Receiver((await freePorts()).control)
  await receiver.start()
  platform = await startPlatform({
    env: { TOWPATH_REGIONS_0_NODES: '1', TOWPATH_OUTBOUND_ALLOW_0: `127.0.0.1:${receiver.port}` },
  })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await platform?.stop()
  await receiver?.stop()
})
beforeEach(async () => {
  wrong = []
  page = await openPage(await browser.newContext({ viewport: SIZES.wide }), wrong)
})

const button = (name: string, exact = true) => page.getByRole('button', { name, exact })
const rows = (table: string) => page.getByRole('table', { name: table }).locator('tbody tr')
// A toast has that role too.
const dialog = () => page.locator('[role=dialog][data-open]')

const enter = (path: string) => enterAt(page, platform, path)

async function read<T>(path: string): Promise<T> {
  return (await (await platform.api(path)).json()) as T
}

async function push(name: string): Promise<void> {
  const file = join(platform.home, 'pushed')
  writeFileSync(file, name)
  await towpathDone(platform, ['oci', 'push', file, `${platform.registry}/${name}`])
}

test('a webhook is made by keyboard, its key is shown once, its URI and headers nowhere', async () => {
  await enter('/t/default/registries/default')
  await page.getByRole('navigation', { name: 'Registry', exact: true }).getByRole('link', { name: 'Webhooks' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('No webhooks yet').waitFor()
  await button('New webhook').focus()
  await page.keyboard.press('Enter')
  await dialog().waitFor()
  await dialog().getByLabel('Name').focus()
  await page.keyboard.type('buildhook')
  await page.keyboard.press('Tab')
  await page.keyboard.type(receiver.url)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await dialog().getByLabel('Headers sent along').fill('Authorization: Bearer header-secret')
  await picture(page, 'webhook-form')
  assert.deepEqual(await axe(page), [])
  const answers: string[] = []
  page.on('response', async answer => {
    if (answer.url().includes('/api/')) answers.push(await answer.text().catch(() => ''))
  })
  await button('Create').focus()
  await page.keyboard.press('Enter')
  const key = await dialog().getByLabel('Key', { exact: true }).inputValue()
  assert.match(key, /^whsec_/)
  await button('I have copied it').click()
  await rows('Webhooks').getByText('buildhook').waitFor()
  const { webhooks } = await read<{ webhooks: Webhook[] }>(HOOKS)
  const [made] = webhooks
  assert.deepEqual([made?.actions, made?.headerNames], [['push', 'delete'], ['authorization']])
  await page.reload()
  await rows('Webhooks').getByText('buildhook').click()
  await page.getByText('authorization', { exact: true }).waitFor()
  const kept = [...answers.filter(text => !text.includes('whsec_')), await page.content()]
  for (const text of kept) assert.doesNotMatch(text, /header-secret|path-secret|query-secret|whsec_/)
  assert.deepEqual(wrong, [])
})

test('deliveries: the request, the answer, what is given up and what is sent again', async () => {
  receiver.mood = { status: 500, body: 'out of order', headers: { 'x-why': 'lunch' } }
  await push('team/app:v1')
  await enter(`${AT}/buildhook`)
  const first = rows('Deliveries').first()
  await first.getByText('team/app:v1').waitFor()
  await first.getByText('Waits').waitFor()
  await first.getByText('500').waitFor()
  await first.getByRole('button').click()
  await dialog().getByText('out of order').waitFor()
  await dialog().getByText('x-why').waitFor()
  await dialog().getByText('webhook-signature').waitFor()
  await dialog().getByText('"action": "push"').waitFor()
  await picture(page, 'webhook-delivery')
  assert.deepEqual(await axe(page), [])
  assert.doesNotMatch(await page.content(), /header-secret/)
  await page.keyboard.press('Escape')

  receiver.mood = { status: 200, body: 'thanks' }
  await button('Actions').click()
  await page.getByRole('menuitem', { name: 'Ping' }).click()
  await rows('Deliveries').filter({ hasText: 'ping' }).getByText('Delivered').waitFor()
  await rows('Deliveries').filter({ hasText: 'team/app:v1' }).getByText('Delivered').waitFor()
  await page.getByLabel('State').selectOption('Given up')
  await page.getByText('There is none of these.').waitFor()
  await page.getByLabel('State').selectOption('Delivered')
  await rows('Deliveries').filter({ hasText: 'team/app:v1' }).getByRole('button').click()
  const before = receiver.accepted.length
  await button('Send again').click()
  await page.getByText(/is sent again, behind what waits/).waitFor()
  await page.keyboard.press('Escape')
  await rows('Deliveries').filter({ hasText: 'team/app:v1' }).nth(1).waitFor()
  const { value } = await read<{ value: WebhookEvent[] }>(`${HOOKS}/buildhook/events`)
  assert.equal(value[0]?.redeliveryOf, value.at(-1)?.number)
  for (let tries = 0; tries < 200 && receiver.accepted.length === before; tries++) await page.waitForTimeout(50)
  assert.equal(receiver.accepted.length, before + 1)
  assert.deepEqual(wrong, [])
})

test('older deliveries are a press away, and what keeps them away is said', async () => {
  receiver.mood = { status: 200 }
  for (let i = 0; i < 30; i++) await platform.api(`${HOOKS}/buildhook/ping`, { method: 'POST' })
  const older = (url: URL) => url.pathname.endsWith('/events') && url.searchParams.has('before')
  await page.route(older, route => route.abort())
  await enter(`${AT}/buildhook`)
  await rows('Deliveries').nth(24).waitFor()
  await button('Show older').click()
  await page.getByText('CONTROL_UNREACHABLE').waitFor()
  await page.unroute(older)
  await button('Show older').click()
  await rows('Deliveries').nth(29).waitFor()
  assert.deepEqual(wrong, [])
})

test('a webhook is changed, gets another key, is disabled, enabled and deleted', async () => {
  await enter(AT)
  const menu = async (item: string) => {
    await button('Actions for buildhook').click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await menu('Change')
  assert.equal(await dialog().getByLabel('Send elsewhere').inputValue(), '')
  await dialog().getByLabel('A Helm chart is pushed').check()
  await dialog().getByLabel('Of which repositories').fill('team/app:*')
  await dialog().getByLabel('What is sent').selectOption('cloudevents')
  await button('Save').click()
  await rows('Webhooks').getByText('team/app:*').waitFor()
  const changed = await read<Webhook>(`${HOOKS}/buildhook`)
  assert.deepEqual(
    [changed.actions, changed.format, changed.headerNames, changed.service],
    [['push', 'delete', 'chart_push'], 'cloudevents', ['authorization'], `http://127.0.0.1:${receiver.port}`],
  )
  await menu('Change')
  await dialog().getByLabel('Replace its headers').check()
  await button('Save').click()
  await dialog().waitFor({ state: 'detached' })
  assert.deepEqual((await read<Webhook>(`${HOOKS}/buildhook`)).headerNames, [])

  await menu('Make another key')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Make another' }).click()
  assert.match(await dialog().getByLabel('Key', { exact: true }).inputValue(), /^whsec_/)
  await button('I have copied it').click()
  assert.ok((await read<Webhook>(`${HOOKS}/buildhook`)).keySetAt > changed.keySetAt)

  await menu('Disable')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click()
  await rows('Webhooks').getByText('Disabled').waitFor()
  await menu('Enable')
  await rows('Webhooks').getByText('Enabled').waitFor()

  await rows('Webhooks').getByText('buildhook').click()
  await button('Actions').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No webhooks yet').waitFor()
  assert.deepEqual((await read<{ webhooks: Webhook[] }>(HOOKS)).webhooks, [])
  assert.deepEqual(wrong, [])
})

test('nothing that axe finds, light and dark, wide and narrow; nothing jumps or runs over the edge', async () => {
  for (const [name, serviceUri] of [
    ['buildhook', receiver.url],
    ['chathook', 'https://chat.a-rather-long-host-name.example.com/hook'],
  ]) {
    await platform.make(HOOKS, { name, serviceUri, actions: ['push', 'delete', 'chart_push'] })
  }
  await platform.make(`${HOOKS}/chathook`, { status: 'disabled' }, 'PATCH')
  receiver.mood = { status: 503 }
  await push('team/app-with-a-long-name/and-a-part:v1.2.3-rc.4')
  await signIn(page, platform.control, platform.adminPassword)
  await page.goto(`${platform.control}${AT}/buildhook`)
  await rows('Deliveries').getByText('503').waitFor()
  const found = await flawsOf(page, {
    webhooks: platform.control + AT,
    webhook: `${platform.control}${AT}/buildhook`,
  })
  await rows('Deliveries').first().getByRole('button').click()
  await picture(page, 'webhook-delivery-narrow-dark')
  assert.deepEqual([...found, ...(await axe(page))], [])
  assert.deepEqual(wrong, [])
})
