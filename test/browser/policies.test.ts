import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Policy } from '../../src/api/index.ts'
import { towpathDone } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { axe, buildConsole, enterAt, flawsOf, openBrowser, openPage, picture, SIZES } from './console.ts'

const POLICIES = '/api/v1/registries/default/policies'
const AT = '/t/default/registries/default/policies'
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })

let platform: Platform
let browser: Browser
let page: Page
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
  page = await openPage(await browser.newContext({ viewport: SIZES.wide }), wrong)
  await enterAt(page, platform, AT)
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const rows = () => page.getByRole('table', { name: 'Policies' }).locator('tbody tr')
// A toast has that role too.
const dialog = () => page.locator('[role=dialog][data-open]')
const fill = (label: string, text: string) => dialog().getByLabel(label, { exact: true }).fill(text)

async function read(): Promise<Policy[]> {
  const { policies } = (await (await platform.api(POLICIES)).json()) as { policies: Policy[] }
  return policies
}

async function save(action: 'Create' | 'Save'): Promise<void> {
  await dialog().getByRole('button', { name: action, exact: true }).click()
  await dialog().waitFor({ state: 'detached' })
}

async function choose(row: string, item: string): Promise<void> {
  await button(`Actions for ${row}`).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a policy of each kind is made by a form that says what it does', async () => {
  await page.getByText('No policies yet').waitFor()
  await button('New policy').focus()
  await page.keyboard.press('Enter')
  const kind = dialog().getByLabel('What it does')
  await kind.waitFor()
  await dialog().getByText('takes off each that none of the rules below keeps').waitFor()
  await fill('Name', 'builds')
  await fill('In which repositories', 'team/*')
  await fill('Tags that it looks at', 'pr-*\ndev-*')
  await fill('Keep, pulled within days', '90')
  await dialog().getByLabel('Delete manifests that lose their last tag by it').check()
  await picture(page, 'policy-form-tags')
  assert.deepEqual(await axe(page), [])
  await save('Create')
  await rows().getByText('Of tags “pr-*”, “dev-*” keeps the newest 10 and those pulled within 90 days').waitFor()

  const more: [title: string, name: string, fields: Record<string, string>][] = [
    ['Delete what has no tag', 'untagged', { 'Days without a tag': '14' }],
    ['Never move tags', 'releases', { 'Tags that stay': 'v*\nlatest' }],
    ['Keep what is deleted', 'trash', { 'Days in the trash': '30' }],
    ['Trust signatures', 'signed', { 'Name of the key': 'release', 'Public key': String(pem) }],
  ]
  for (const [title, name, fields] of more) {
    await button('New policy').click()
    await kind.selectOption(title)
    await fill('Name', name)
    for (const [label, text] of Object.entries(fields)) await fill(label, text)
    await picture(page, `policy-form-${name}`)
    assert.deepEqual(await axe(page), [], title)
    await save('Create')
    await rows().getByText(name, { exact: true }).waitFor()
  }
  const settings = Object.fromEntries((await read()).map(one => [one.name, one.settings]))
  assert.deepEqual(settings, {
    builds: {
      tags: ['pr-*', 'dev-*'],
      keepLast: 10,
      keepPushedDays: null,
      keepPulledDays: 90,
      keepMatching: [],
      deleteManifests: true,
    },
    untagged: { days: 14 },
    releases: { tags: ['v*', 'latest'] },
    trash: { days: 30 },
    signed: { keys: [{ name: 'release', pem: String(pem) }], refuse: false },
  })
  assert.deepEqual(wrong, [])
})

test('before it is saved, a policy shows what it would delete, and deletes nothing', async () => {
  for (const tag of ['pr-1', 'pr-2', 'pr-3', 'v1']) {
    const file = join(platform.home, tag)
    writeFileSync(file, tag)
    await towpathDone(platform, ['oci', 'push', file, `${platform.registry}/look/app:${tag}`])
  }
  await button('New policy').click()
  await fill('Name', 'looked-at')
  await fill('In which repositories', 'look/*')
  await fill('Tags that it looks at', 'pr-*')
  await fill('Keep the newest', '1')
  await dialog().getByLabel('Delete manifests that lose their last tag by it').check()
  await button('Look').click()
  await dialog()
    .getByText(/It would take off 2 tags and delete 2 manifests in region home/)
    .waitFor()
  const lines = dialog().getByRole('table', { name: 'What it would delete' }).locator('tbody tr')
  assert.deepEqual((await lines.locator('th').allInnerTexts()).filter(text => text.includes(':pr-')).sort(), [
    'look/app:pr-1',
    'look/app:pr-2',
  ])
  await dialog().getByLabel('What stays, too').check()
  await lines.filter({ hasText: 'look/app:pr-3' }).getByText('It is among the newest').waitFor()
  await picture(page, 'policy-preview')
  assert.deepEqual(await axe(page), [])
  await fill('Keep the newest', '9')
  await dialog()
    .getByText(/It would take off/)
    .waitFor({ state: 'detached' })
  await button('Look').click()
  await dialog()
    .getByText(/It would delete nothing/)
    .waitFor()
  await page.keyboard.press('Escape')
  assert.equal((await read()).length, 5)
  const tags = await towpathDone(platform, ['oci', 'ls', `${platform.registry}/look/app`])
  assert.equal(tags, 'pr-1\npr-2\npr-3\nv1\n')
  assert.deepEqual(wrong, [])
})

test('what control refuses is said in the form, and what was typed stays', async () => {
  await button('New policy').click()
  await fill('Name', 'nothing')
  await fill('Keep the newest', '')
  await dialog().getByRole('button', { name: 'Create', exact: true }).click()
  await dialog().getByRole('alert').getByText('nothing is kept').waitFor()
  assert.equal(await dialog().getByLabel('Name', { exact: true }).inputValue(), 'nothing')
  await page.keyboard.press('Escape')
  assert.deepEqual(
    (await read()).filter(({ name }) => name === 'nothing'),
    [],
  )
  assert.deepEqual(wrong, [])
})

test('what did not work is forgotten with the question that it was said in', async () => {
  const question = page.getByRole('alertdialog')
  const says = question.getByText('CONTROL_UNREACHABLE')
  await page.route(`**${POLICIES}/*`, route => route.abort())
  await choose('trash', 'Delete')
  await question.getByRole('button', { name: 'Delete' }).click()
  await says.waitFor()
  await button('Cancel').click()
  await question.waitFor({ state: 'detached' })
  await choose('builds', 'Delete')
  await question.getByText('Delete the policy “builds”?').waitFor()
  assert.equal(await says.count(), 0)
  assert.deepEqual(wrong, [])
})

test('a policy is changed, gets a second key, is disabled, enabled and deleted', async () => {
  const of = async (name: string) => (await read()).find(one => one.name === name)
  await choose('builds', 'Change')
  assert.equal(await dialog().getByLabel('Keep the newest').inputValue(), '10')
  await fill('Keep the newest', '')
  await fill('Keep always', 'pr-1\npr-2')
  await save('Save')
  await rows().getByText('keeps those pulled within 90 days and “pr-1”, “pr-2”').waitFor()

  await choose('signed', 'Change')
  await button('Add a key').click()
  await dialog().getByLabel('Name of the key').nth(1).fill('other')
  await dialog().getByLabel('Public key').nth(1).fill(String(pem))
  await dialog().getByLabel('Refuse to pull what none of them signed').check()
  await save('Save')
  await rows().getByText('Only what is signed by “release”, “other” can be pulled').waitFor()
  const { settings } = (await of('signed')) as Extract<Policy, { kind: 'trust' }>
  assert.deepEqual([settings.keys.map(({ name }) => name), settings.refuse], [['release', 'other'], true])

  await choose('untagged', 'Disable')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click()
  await rows().filter({ hasText: 'untagged' }).getByText('Disabled').last().waitFor()
  assert.equal((await of('untagged'))?.status, 'disabled')
  await choose('untagged', 'Enable')
  await page.getByRole('alertdialog').getByText('Deletes manifests that were without a tag for 14 days').waitFor()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Enable' }).click()
  await rows().filter({ hasText: 'untagged' }).getByText('Enabled').waitFor()

  await choose('trash', 'Delete')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await rows().getByText('trash', { exact: true }).waitFor({ state: 'detached' })
  assert.equal(await of('trash'), undefined)
  assert.deepEqual(wrong, [])
})

test('nothing that axe finds, light and dark, wide and narrow; nothing jumps or runs over the edge', async () => {
  const found = await flawsOf(page, { policies: platform.control + AT })
  await button('New policy').click()
  await picture(page, 'policy-form-narrow')
  assert.deepEqual([...found, ...(await axe(page))], [])
  assert.deepEqual(wrong, [])
})
