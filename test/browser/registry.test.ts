import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type Descriptor, pusher } from '../support/content.ts'
import { freePorts, type Platform, startPlatform } from '../support/platform.ts'
import { axe, buildConsole, enterAt, flawsOf, openBrowser, openPage, picture, SIZES, signIn } from './console.ts'

const REGISTRY = '/t/default/registries/default'
const LONG = `team/${'a-name-that-goes-on-'.repeat(11)}end`

const SARIF = {
  version: '2.1.0',
  runs: [
    {
      tool: {
        driver: {
          name: 'scanner',
          rules: [
            {
              id: 'CVE-2026-0001',
              properties: { 'security-severity': '9.8' },
              shortDescription: { text: 'It overflows' },
            },
            {
              id: 'CVE-2026-0002',
              properties: { 'security-severity': '3.1' },
              shortDescription: { text: 'It is slow' },
            },
          ],
        },
      },
      results: ['CVE-2026-0002', 'CVE-2026-0001'].map(ruleId => ({ ruleId, message: { text: `${ruleId} is there` } })),
    },
  ],
}

let platform: Platform
let browser: Browser
let page: Page
let wrong: string[] = []
let index: Descriptor
let arm: Descriptor

before(async () => {
  buildConsole()
  // It is a source of imports to itself.
  const ports = await freePorts()
  const env = { TOWPATH_REGIONS_0_NODES: '1', TOWPATH_OUTBOUND_ALLOW_0: `127.0.0.1:${ports.registry}` }
  platform = await startPlatform({ env, ports })
  browser = await openBrowser()
  const push = pusher(platform)
  const base = 'a base of many bytes '.repeat(100_000)
  const built = (architecture: string) => ({
    ...{ architecture, os: 'linux', created: '2026-03-04T05:06:07Z' },
    config: {
      ...{ Entrypoint: ['/usr/bin/app'], Cmd: ['--listen', ':80'], Env: ['TOKEN=hunter2'], User: '1000' },
      Labels: { 'org.opencontainers.image.source': 'https://git.example/team/app' },
    },
  })
  const amd = await push.image('team/app', '', { config: built('amd64'), layers: [base, 'amd64'] })
  arm = await push.image('team/app', '', { config: built('arm64'), layers: [base, 'arm64'] })
  const platforms = [amd, arm].map((one, at) => {
    return { ...one, platform: { os: 'linux', architecture: at === 0 ? 'amd64' : 'arm64' } }
  })
  index = await push.index('team/app', 'v1.2.3', platforms)
  const says = {
    'application/vnd.dev.cosign.artifact.sig.v1+json': 'no signature at all',
    'application/spdx+json': '{"spdxVersion":"SPDX-2.3"}',
    'application/sarif+json': JSON.stringify(SARIF),
  }
  for (const [artifactType, layer] of Object.entries(says)) {
    await push.image('team/app', '', { subject: index, artifactType, layers: [layer], layerType: artifactType })
  }
  await push.image('team/web', 'latest', { config: built('amd64'), layers: [base] })
  await push.image('charts/wordpress', '5.4.0', { configType: 'application/vnd.cncf.helm.config.v1+json' })
  await push.image(LONG, `v1-${'x'.repeat(120)}`)
  for (let i = 0; i < 130; i++) await push.image(`many/repository-${String(i).padStart(3, '0')}`, 'v1')
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
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const link = (name: string) => page.getByRole('link', { name, exact: true })
const table = (name: string) => page.getByRole('table', { name })
const inDocument = (name: string) => table(name).locator('[data-index]').count()
const status = () => page.locator('main').getByRole('status').first()

const enter = (path: string) => enterAt(page, platform, path)

/** Until what is waited for holds: rows come as somebody scrolls. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    assert.ok(tries < 200, what)
    await page.waitForTimeout(50)
  }
}

test('from the registry to a layer: found by a part of its name, opened, unfolded, and its command copied', async () => {
  await enter('/t/default/registries')
  await link('default').click()
  await status().getByText('134 repositories').waitFor()
  await page.getByLabel('Search repositories').fill('EAM/ap')
  await status().getByText('1 of 134').waitFor()
  await link('team/app').click()
  await page.getByRole('heading', { name: 'team/app', level: 1 }).waitFor()
  await page.getByText('1 tag, 6 manifests').waitFor()
  await link('v1.2.3').click()
  await page.getByRole('heading', { name: 'app:v1.2.3', level: 1 }).waitFor()

  await button('Copy the command for docker').click()
  const reference = `${platform.registry}/team/app`
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), `docker pull ${reference}:v1.2.3`)
  await page.getByText('By digest').click()
  await page.getByText('podman', { exact: true }).click()
  await button('Copy the command for podman').click()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), `podman pull ${reference}@${index.digest}`)

  await button('linux/arm64').click()
  const layers = table('Layers')
  await layers.getByText('2.1 MB').waitFor()
  assert.deepEqual(
    await layers.getByRole('row').evaluateAll(rows => rows.map(row => row.lastElementChild?.textContent)),
    ['Shared', 'Only here', '1 more manifest, 1 more repository', 'Only here'],
  )
  await page.getByRole('heading', { name: 'Signatures' }).waitFor()
  await page.getByRole('heading', { name: 'Software bills of materials' }).waitFor()
  await button('Show findings').click()
  const findings = page.getByRole('dialog', { name: 'Findings' })
  assert.match((await findings.getByRole('listitem').first().textContent()) ?? '', /critical 9\.8.*CVE-2026-0001/)
  await picture(page, 'findings')
  await findings.getByLabel('Severity').selectOption('low')
  await findings.getByText('CVE-2026-0001').waitFor({ state: 'detached' })
  await findings.getByText('CVE-2026-0002', { exact: true }).waitFor()
  assert.equal(await findings.getByRole('listitem').count(), 1)
  await findings.getByRole('button', { name: 'Close' }).click()
  await link(arm.digest.slice(0, 19)).first().click()
  await page.getByText('/usr/bin/app').waitFor()
  await page.getByText('1 variable, not shown').waitFor()
  assert.ok(!(await page.content()).includes('hunter2'))
  assert.equal(await page.getByText(arm.digest, { exact: true }).count(), 1)
  await page.getByText('Nothing refers to it').waitFor()
  assert.deepEqual(wrong, [])
})

test('the list holds what is seen and no more, goes on as one scrolls, and is walked through by keys', async () => {
  await enter(`${REGISTRY}/repositories`)
  await link('charts/wordpress').waitFor()
  assert.equal(await table('Repositories').getAttribute('aria-rowcount'), '135')
  assert.ok((await inDocument('Repositories')) < 60)
  await page.getByLabel('Search repositories').focus()
  for (let tries = 0; (await page.evaluate('document.activeElement.textContent')) !== 'charts/wordpress'; tries++) {
    assert.ok(tries < 5, 'the list is not reached by Tab')
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('ArrowDown')
  await until(
    'the next row',
    async () => (await page.evaluate('document.activeElement.textContent')) === 'many/repository-000',
  )
  await page.keyboard.press('End')
  await until('the last row', async () => {
    await page.keyboard.press('End')
    return (await page.evaluate('document.activeElement.textContent')) === 'team/web'
  })
  assert.ok((await inDocument('Repositories')) < 60)
  assert.equal(await page.locator('[data-index="133"]').getAttribute('aria-rowindex'), '135')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'team/web', level: 1 }).waitFor()
  await page.goBack()
  await link('team/web').waitFor()
  await page.getByLabel('Order').selectOption('newest')
  await until(
    'the newest',
    async () => (await table('Repositories').getByRole('link').first().textContent()) === 'many/repository-129',
  )
  await page.getByLabel('Search repositories').fill('nowhere')
  await page.getByText('No repository has “nowhere” in its name.').waitFor()
  assert.deepEqual(wrong, [])
})

test('a lock takes effect at once, refuses in its own words, and goes again; then tag and repository are deleted', async () => {
  await pusher(platform).image('going/soon', 'v1')
  await enter(`${REGISTRY}/repository?repository=going/soon`)
  await button('Actions for v1').click()
  await page.getByRole('menuitem', { name: 'Locks' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('May be deleted').uncheck()
  await page.getByText('Locked', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await table('Tags').getByRole('img', { name: 'Locked' }).waitFor()

  await button('Actions for v1').click()
  await page.getByRole('menuitem', { name: 'Untag' }).click()
  const question = page.getByRole('alertdialog')
  await question.getByRole('button', { name: 'Untag' }).click()
  await question.getByText('Tag v1 of repository going/soon is locked: its deleteEnabled is false').waitFor()
  await question.getByRole('button', { name: 'Cancel' }).click()

  await link('v1').click()
  await page.getByRole('heading', { name: 'soon:v1', level: 1 }).waitFor()
  await page.getByLabel('May be pulled').uncheck()
  await page.getByText('It is locked against pulls').waitFor()
  await page.getByLabel('May be pulled').check()
  await page.getByRole('heading', { name: 'How it runs' }).waitFor()
  await page.goBack()
  await button('Actions for v1').click()
  await page.getByRole('menuitem', { name: 'Locks' }).click()
  await dialog.getByLabel('May be deleted').check()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await button('Actions for v1').click()
  await page.getByRole('menuitem', { name: 'Untag' }).click()
  await question.getByRole('button', { name: 'Untag' }).click()
  await page.getByText('No tags: what this repository holds goes by its digests').waitFor()
  await link('Manifests').click()
  await table('Manifests').getByText('No tag').waitFor()
  await button('Actions').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await question.getByText('0 tags and 1 manifest').waitFor()
  await question.getByRole('button', { name: 'Delete' }).click()
  await status().getByText('134 repositories').waitFor()
  assert.equal(
    (await platform.api('/api/v1/registries/default/repositories/repository?repository=going/soon')).status,
    404,
  )
  assert.deepEqual(wrong, [])
})

test('what was deleted while a policy keeps it is found, restored, and purged for good', async () => {
  await platform.make('/api/v1/registries/default/policies', {
    ...{ name: 'keep', kind: 'soft-delete', repositories: 'lost/*', settings: { days: 7 } },
  })
  const lost = '/api/v1/registries/default/repositories/deleted'
  const kept = () => platform.make<{ repositories: unknown[] }>(lost, undefined, 'GET')
  // Until the region has heard of the policy nothing is kept.
  for (const repository of ['lost/whole', 'lost/parts']) {
    for (let known = (await kept()).repositories.length; (await kept()).repositories.length === known; ) {
      const { digest } = await pusher(platform).image(repository, 'v1', { layers: ['a layer'] })
      if (repository === 'lost/parts') await pusher(platform).image(repository, 'v2', { layers: ['another'] })
      const what = new URLSearchParams(repository === 'lost/whole' ? { repository } : { repository, digest })
      const noun = repository === 'lost/whole' ? 'repository' : 'manifest'
      await platform.make(`/api/v1/registries/default/repositories/${noun}?${what}`, undefined, 'DELETE')
    }
  }
  await enter(`${REGISTRY}/repositories`)
  await link('Deleted').click()
  await link('lost/parts').waitFor()
  await picture(page, 'deleted')
  await button('Actions for lost/whole').click()
  await page.getByRole('menuitem', { name: 'Restore' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
  await page.getByText('Restored: 1 manifest, 1 tag').waitFor()
  await link('lost/whole').waitFor({ state: 'detached' })
  const back = '/api/v1/registries/default/repositories/repository?repository=lost/whole'
  assert.equal((await platform.api(back)).status, 200)

  await link('lost/parts').click()
  await table('Deleted tags').getByText('v1').waitFor()
  await picture(page, 'deleted-repository')
  assert.deepEqual(await axe(page), [])
  await pusher(platform).image('lost/parts', 'v1', { layers: ['a third'] })
  await button('Actions for v1').click()
  await page.getByRole('menuitem', { name: 'Restore' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
  await page.getByText('Tag v1 of repository lost/parts leads to').waitFor()
  await page.getByLabel('Move tags that are in use').check()
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
  await page.getByText('No tags of it are kept.').waitFor()
  const untag = '/api/v1/registries/default/repositories/tag?repository=lost/parts&tag=v2'
  await platform.make(untag, undefined, 'DELETE')
  await page.reload()
  await button('Actions for v2').click()
  await page.getByRole('menuitem', { name: 'Purge' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Purge' }).click()
  await page.getByText('No tags of it are kept.').waitFor()
  assert.deepEqual(wrong, [])
})

test('an import is begun, seen to end, and one that fails says why', async () => {
  await enter(`${REGISTRY}/imports`)
  await page.getByText('Nothing was imported yet.').waitFor()
  const begin = async (source: string) => {
    await button('New import').click()
    await page.getByLabel('From', { exact: true }).fill(source)
    await page.getByLabel('To', { exact: true }).fill('imported/app')
    await page.getByLabel('User name at the source').fill('admin')
    await page.getByLabel('Password or token').fill(platform.adminPassword)
    await page.getByLabel('Without TLS').check()
    await button('Import').click()
    await page.getByRole('dialog', { name: 'New import' }).waitFor({ state: 'detached' })
  }
  await begin(`${platform.registry}/team/app:v1.2.3`)
  await table('Imports').getByText('Done', { exact: true }).waitFor()
  await begin(`${platform.registry}/team/app:nothing`)
  await table('Imports').getByText('Failed', { exact: true }).waitFor()
  await button(`${platform.registry}/team/app:nothing`).click()
  // What was said in passing has a role of that kind too.
  const panel = page.getByRole('dialog', { name: `${platform.registry}/team/app:nothing`, exact: true })
  await panel.getByRole('alert').waitFor()
  await picture(page, 'import-failed')
  await panel.getByRole('button', { name: 'Close' }).click()
  await link('Repositories').click()
  await page.getByLabel('Search repositories').fill('imported')
  await link('imported/app').click()
  await link('v1.2.3').waitFor()
  await platform.make('/api/v1/registries/default/repositories/repository?repository=imported/app', undefined, 'DELETE')
  assert.deepEqual(wrong, [])
})

test('a registry that holds nothing says how to begin, and one without a host that none leads there', async () => {
  await platform.make('/api/v1/registries', { name: 'empty', hosts: ['empty.example'] })
  await platform.make('/api/v1/registries', { name: 'nameless' })
  await enter('/t/default/registries/empty/repositories')
  await page.getByText('docker push empty.example/team/app:v1').waitFor()
  await picture(page, 'repositories-empty')
  await page.goto(at('/t/default/registries/nameless/repositories'))
  await page.getByText('This registry has no host name yet').waitFor()
  await page.goto(at(`${REGISTRY}/repository?repository=not/there`))
  await page.getByText('There is no repository not/there').waitFor()
  await picture(page, 'repository-missing')
  assert.deepEqual(wrong, [])
})

test('each region has content of its own: one chooses it, and stays in it from page to page', async t => {
  const names = ['home', 'north'].map((name, at) => [`TOWPATH_REGIONS_${at}_NAME`, name])
  const nodes = [0, 1].map(at => [`TOWPATH_REGIONS_${at}_NODES`, '1'])
  const two = await startPlatform({ env: Object.fromEntries([...names, ...nodes]) })
  t.after(() => two.stop())
  await pusher(two).image('only/home', 'v1')
  await pusher(two, two.regional(1), two.regional(1)).image('only/north', 'v2')
  await signIn(page, two.control, two.adminPassword)
  await page.goto(`${two.control}${REGISTRY}/repositories`)
  await link('only/home').waitFor()
  await page.getByLabel('Region').selectOption('north')
  await link('only/north').click()
  await link('v2').click()
  await page.getByText(`docker pull ${two.regional(1)}/only/north:v2`).waitFor()
  await page.getByLabel('Region').selectOption('home')
  await page.getByText('is not in repository only/north').waitFor()
  assert.deepEqual(wrong, [])
})

test('each page of content: nothing that axe finds, light and dark, wide and narrow; nothing jumps or runs over the edge', async () => {
  const of = (repository: string, more: Record<string, string> = {}) => new URLSearchParams({ repository, ...more })
  const pages = {
    repositories: `${REGISTRY}/repositories`,
    search: `${REGISTRY}/repositories?search=team`,
    tags: `${REGISTRY}/repository?${of('team/app')}`,
    'long-names': `${REGISTRY}/repository?${of(LONG)}`,
    manifests: `${REGISTRY}/repository?${of('team/app', { tab: 'manifests' })}`,
    'repository-settings': `${REGISTRY}/repository?${of('team/app', { tab: 'settings' })}`,
    deleted: `${REGISTRY}/deleted`,
    imports: `${REGISTRY}/imports`,
    index: `${REGISTRY}/manifest?${of('team/app', { digest: index.digest, tag: 'v1.2.3' })}`,
    image: `${REGISTRY}/manifest?${of('team/app', { digest: arm.digest })}`,
  }
  await signIn(page, platform.control, platform.adminPassword)
  const addresses = Object.entries(pages).map(([name, path]) => [name, at(path)])
  const found = await flawsOf(page, Object.fromEntries(addresses))
  assert.deepEqual(found, [])
  assert.deepEqual(wrong, [])
})
