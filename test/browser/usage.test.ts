import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Usage, UsageHistory } from '../../src/api/index.ts'
import { towpathDone } from '../support/command.ts'
import { type Platform, startPlatform } from '../support/platform.ts'
import { axe, buildConsole, flawsOf, openBrowser, openPage, picture, SIZES, signIn, WIDER } from './console.ts'

const USAGE = '/api/v1/registries/default/usage'
const AT = '/t/default/registries/default/usage'
const BYTES = 300_000

let platform: Platform
let browser: Browser
let page: Page
const wrong: string[] = []

before(async () => {
  buildConsole()
  platform = await startPlatform({ env: { TOWPATH_REGIONS_0_NODES: '1' } })
  const file = join(platform.home, 'pushed')
  writeFileSync(file, Buffer.alloc(BYTES, 'x'))
  for (const tag of ['v1', 'v2']) {
    await towpathDone(platform, ['oci', 'push', file, `${platform.registry}/team/app:${tag}`])
  }
  const quota = { kind: 'quota', settings: { bytes: 350_000, of: 'registry' } }
  await platform.make('/api/v1/registries/default/policies', { name: 'small', ...quota })
  await platform.make('/api/v1/registries/default/policies', {
    ...{ ...quota, name: 'roomy', repositories: 'team/*' },
    settings: { bytes: 3_000_000_000, of: 'registry' },
  })
  browser = await openBrowser()
  page = await openPage(await browser.newContext({ viewport: SIZES.wide }), wrong)
  await signIn(page, platform.control, platform.adminPassword)
})
after(async () => {
  await browser?.close()
  await platform?.stop()
})

const rows = (table: string) => page.getByRole('table', { name: table, exact: true }).locator('tbody tr')
const shownAs = (how: 'table' | 'chart', what: string) =>
  page.getByRole('button', { name: new RegExp(`^As a ${how} ?: ${what}`) })
const chart = () => page.getByRole('img', { name: /^Requests a minute/ })

/** Whether each canvas has pixels of its line's colour, which is another in the dark. */
const DRAWN = `[...document.querySelectorAll('canvas')].map(canvas => {
  const colour = getComputedStyle(document.querySelector('[data-colour=water]')).color.match(/\\d+/g).map(Number)
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  let seen = 0
  for (let at = 0; at < data.length; at += 4) if (colour.every((part, i) => data[at + i] === part)) seen++
  return seen > 10
}).every((drawn, i, all) => drawn && all.length === 4)`

async function drawn(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await page.evaluate(DRAWN)) return
    await page.waitForTimeout(100)
  }
  assert.fail('no line was drawn')
}

async function read(): Promise<Usage> {
  return (await (await platform.api(USAGE)).json()) as Usage
}

test('what a registry holds, its quotas, and who asks how much of it, now and since the page was opened', async () => {
  await page.goto(`${platform.control}/t/default/registries/default`)
  await page.getByRole('navigation', { name: 'Registry', exact: true }).getByRole('link', { name: 'Usage' }).click()
  const held = page.locator('section').filter({ has: page.getByRole('heading', { name: 'What it holds' }) })
  const { value, quotas } = await read()
  const size = value.find(({ name }) => name === 'Size')?.currentValue ?? 0
  assert.ok(size >= BYTES && size < 350_000, String(size))
  const text = (await held.textContent()) ?? ''
  assert.match(text, /Size\s*30\d kB\s*Repositories\s*1\s*Manifests\s*\d\s*Tags\s*2\s*Webhooks\s*0/)
  assert.deepEqual(quotas.map(({ policy, state }) => [policy, state]).sort(), [
    ['roomy', 'ok'],
    ['small', 'near'],
  ])
  await page.getByText(/of 350 kB, 8\d %; soon full/).waitFor()
  await page.getByText('roomy, for pushes to team/*').waitFor()

  await chart().waitFor()
  await drawn()
  assert.deepEqual(await axe(page), [])
  // The lines grow while one looks.
  await shownAs('table', 'Requests a minute').focus()
  await page.keyboard.press('Enter')
  const lines = rows('Requests a minute, since this page was opened')
  await lines.nth(2).waitFor()
  assert.deepEqual(await axe(page), [])
  await picture(page, 'usage-table')
  for (let pull = 0; pull < 5; pull++) {
    await towpathDone(platform, ['oci', 'inspect', `${platform.registry}/team/app:v1`, '-o', 'json'])
  }
  await rows('Who asked most').getByText('admin').waitFor()
  const read5 = rows('Requests').filter({ hasText: 'Pulls and lists' }).locator('td').first()
  for (let tries = 0; tries < 300 && Number(await read5.textContent()) < 5; tries++) await page.waitForTimeout(100)
  assert.ok(Number(await read5.textContent()) >= 5)
  assert.ok(Number(await lines.first().locator('td').first().textContent()) >= 5)
  assert.deepEqual(wrong, [])
})

test('nothing that axe finds, light and dark, wide and narrow; nothing jumps or runs over the edge', async () => {
  const found = await flawsOf(page, { usage: platform.control + AT })
  await chart().waitFor()
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      await chart().scrollIntoViewIfNeeded()
      await drawn()
      await picture(page, `usage-chart-${size}-${colorScheme}`)
      const canvas: number = await page.evaluate('document.querySelector("canvas").getBoundingClientRect().width')
      if (canvas > viewport.width || canvas < viewport.width / 2) found.push(`${size}: the chart is ${canvas} px wide`)
      const wide: number = await page.evaluate(WIDER)
      if (wide > 0) found.push(`${size}, ${colorScheme}: is ${wide} px wider than the screen`)
      for (const one of await axe(page)) found.push(`${size}, ${colorScheme}: ${one}`)
    }
  }
  assert.deepEqual(found, [])
  assert.deepEqual(wrong, [])
})

test('what was served in the last day and week, as lines and as a table', async () => {
  // It is written within a minute.
  const pushed = async () => {
    const { points } = (await (await platform.api(`${USAGE}/history`)).json()) as UsageHistory
    return points.reduce((sum, { pushes }) => sum + pushes, 0)
  }
  for (let tries = 0; tries < 700 && (await pushed()) < 2; tries++) await page.waitForTimeout(100)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(SIZES.wide)
  await page.goto(platform.control + AT)
  await page.getByRole('img', { name: /^Bytes, each 5 minutes/ }).scrollIntoViewIfNeeded()
  await drawn()
  await picture(page, 'usage-day')
  for (const [span, each, steps] of [
    ['24 hours', 'each 5 minutes', 288],
    ['7 days', 'each hour', 168],
  ] as const) {
    await page.getByText(span, { exact: true }).click()
    const table = `Pulls and pushes, ${each}`
    await shownAs('table', table).click()
    await rows(table)
      .nth(steps - 1)
      .waitFor()
    assert.equal(await rows(table).count(), steps)
    const pushes = await rows(table).locator('td:last-child').allTextContents()
    assert.equal(
      pushes.reduce((sum, text) => sum + Number(text), 0),
      2,
    )
    assert.deepEqual(await axe(page), [])
    await picture(page, `usage-${steps}-table`)
    await shownAs('chart', table).click()
    await drawn()
  }
  await picture(page, 'usage-week')
  assert.deepEqual(wrong, [])
})
