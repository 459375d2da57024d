import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { freePorts, type Platform, type PlatformOptions, startPlatform } from '../support/platform.ts'
import { axe, openBrowser, openPage, picture, SIZES, signIn } from './console.ts'

const BUILD = fileURLToPath(new URL('../../bin/console.mjs', import.meta.url))

let start: PlatformOptions & { home: string }
let platform: Platform
let browser: Browser

before(async () => {
  execFileSync(process.execPath, [BUILD], { stdio: 'inherit' })
  const home = await mkdtemp(join(tmpdir(), 'towpath-live-page-'))
  start = { home, ports: await freePorts(), env: { TOWPATH_REGIONS_0_NODES: '1' } }
  platform = await startPlatform(start)
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await platform?.stop()
  await rm(start.home, { recursive: true, force: true })
})

async function make(path: string, body: unknown): Promise<void> {
  const answer = await platform.api(`/api/v1/tenants/default/${path}`, { method: 'POST', body })
  assert.equal(answer.status, 201, await answer.text())
}

test('a page says that control is away, keeps what it shows, and goes on by itself', async () => {
  for (const name of ['ann', 'bob']) await make('principals', { kind: 'user', name })
  const wrong: string[] = []
  const context = await browser.newContext({ viewport: SIZES.wide })
  const [page, other] = [await openPage(context, wrong), await openPage(context, wrong)]
  const names = page.getByRole('table', { name: 'Principals' })
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 })
  const notLive = page.getByRole('status').getByText('Not live at the moment')
  await signIn(page, platform.control, platform.adminPassword)
  await page.goto(`${platform.control}/t/default/access/principals`)
  await names.getByRole('link', { name: 'ann' }).click()
  await heading('ann').waitFor()
  await page.getByRole('link', { name: 'Principals', exact: true }).first().click()
  await names.getByText('bob').waitFor()
  await other.goto(`${platform.control}/t/default/access/principals`)
  await other.getByText('bob').waitFor()
  assert.equal(await notLive.count(), 0)

  await platform.stop({ keep: true })
  await notLive.waitFor()
  await picture(page, 'not-live')
  assert.deepEqual(await axe(page), [])
  // What was not asked for before can't be shown, and the page says so in its place.
  await names.getByRole('link', { name: 'bob' }).click()
  await page.getByText('CONTROL_UNREACHABLE').first().waitFor()
  // Nor can a page that was not opened before.
  await other.getByRole('link', { name: 'Roles' }).click()
  await other.getByText('Loading').waitFor({ state: 'attached' })

  platform = await startPlatform(start)
  await notLive.waitFor({ state: 'detached' })
  await heading('bob').waitFor()
  await page.getByText('CONTROL_UNREACHABLE').waitFor({ state: 'detached' })
  await other.getByRole('table', { name: 'Roles' }).waitFor()
  await page.getByRole('link', { name: 'Principals', exact: true }).first().click()
  await make('principals', { kind: 'user', name: 'made-later' })
  await names.getByText('made-later').waitFor()
  assert.deepEqual(wrong, [])
})
