import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, beforeEach, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { AuditRecord, AuditRecordList, NewSecret, Offer, OfferDocument, Review } from '../../src/api/index.ts'
import { freePorts, type Platform, startPlatform } from '../support/platform.ts'
import { axe, buildConsole, enterAt, openBrowser, openPage, picture, SIZES, shift, WIDER } from './console.ts'

const HOME = '/api/v1/tenants/default'
const AUDIT = '/t/default/audit'

let home: string
let ports: Awaited<ReturnType<typeof freePorts>>
let platform: Platform
let browser: Browser
let page: Page
let wrong: string[] = []

const start = () => startPlatform({ home, ports, env: { TOWPATH_REGIONS_0_NODES: '1' } })

before(async () => {
  buildConsole()
  home = await mkdtemp(join(tmpdir(), 'towpath-audit-page-'))
  ports = await freePorts()
  platform = await start()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await platform?.stop()
  await rm(home, { recursive: true, force: true })
})
beforeEach(async () => {
  wrong = []
  const context = await browser.newContext({ viewport: SIZES.wide })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  page = await openPage(context, wrong)
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const records = () => page.getByRole('table', { name: 'Audit records' }).locator('tbody tr')
const badge = () => page.getByRole('region', { name: 'Verification' })
const panel = () => page.getByRole('dialog')

const enter = (path = AUDIT) => enterAt(page, platform, path)

const make = <T = { id: string; scope: string }>(path: string, body: unknown) => platform.make<T>(path, body)

async function audit(query: Record<string, string> = {}): Promise<AuditRecord[]> {
  const answer = await platform.api(`/api/v1/audit?${new URLSearchParams(query)}`)
  return ((await answer.json()) as AuditRecordList).records
}

async function allSealed(): Promise<void> {
  for (let tries = 0; (await audit()).some(({ sequence }) => sequence === 0); tries++) {
    assert.ok(tries < 200, 'it is not sealed')
    await page.waitForTimeout(50)
  }
}

test('a token that is made in the console is in the audit, with all that the record says', async () => {
  await enter('/t/default/registries/default')
  await button('New token').click()
  await page.getByLabel('Name', { exact: true }).fill('seen-in-audit')
  await page.getByLabel('Scope map', { exact: true }).fill('pull')
  await page.getByRole('option', { name: '_repositories_pull' }).first().click()
  await button('Create').click()
  await button('I have copied it').click()
  await page.getByRole('link', { name: 'Audit', exact: true }).click()
  await records().filter({ hasText: 'token/write' }).first().getByRole('button').click()
  await allSealed()
  await panel().getByText('Not sealed yet').waitFor({ state: 'detached' })
  const [record] = await audit({ action: 'token/write' })
  assert.ok(record)
  const text = (await panel().textContent()) ?? ''
  for (const part of [record.id, record.resource, record.policyId, record.requestId, record.hash, record.tenantId])
    assert.ok(text.includes(part), `${part} is not in ${text}`)
  assert.match(text, /admin.*user.*prn_admin.*seen-in-audit/s)
  await button('Copy as JSON').click()
  await page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' })
  assert.deepEqual(JSON.parse(await page.evaluate('navigator.clipboard.readText()')), record)
  await button('All on this resource').click()
  await page.waitForURL(/resource=/)
  const rest = records().filter({ hasNotText: 'token/write' })
  await rest.first().waitFor({ state: 'detached' })
  await records().first().waitFor()
  assert.equal(await records().count(), (await audit({ resource: record.resource })).length)
  assert.deepEqual(wrong, [])
})

test('what somebody else does appears on top by itself, and says when it is sealed', async () => {
  await enter()
  await records().first().waitFor()
  const { scope } = await make(`${HOME}/groups`, { name: 'made-meanwhile' })
  const id = scope.split('/').at(-1) ?? ''
  await records().first().filter({ hasText: id }).waitFor()
  await records().first().getByRole('button').click()
  await panel().getByText('Hash').waitFor()
  assert.deepEqual(wrong, [])
})

test('more comes while one scrolls, each record once, and a filter is kept in the address', async () => {
  for (let at = 0; at < 110; at++) await make(`${HOME}/groups`, { name: `barge-${at}` })
  await enter()
  await records().nth(49).waitFor()
  await page.mouse.wheel(0, 100_000)
  await records().nth(99).waitFor()
  await page.mouse.wheel(0, 100_000)
  await records().nth(110).waitFor()
  const shown = await records().locator('code').allTextContents()
  const groups = shown.filter(text => text.includes('grp_'))
  assert.equal(new Set(groups).size, groups.length)

  await page.evaluate('scrollTo(0, 0)')
  await button('Filter').click()
  await page.getByLabel('Action', { exact: true }).fill('session.create')
  await page.getByLabel('Result', { exact: true }).selectOption('done')
  await button('Apply').click()
  await page.waitForURL(/action=session\.create&result=done/)
  await records().filter({ hasText: 'group/write' }).first().waitFor({ state: 'detached' })
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Filter')
  await page.reload()
  await records().first().waitFor()
  assert.deepEqual([...new Set(await records().getByRole('button').allTextContents())], ['session.create'])
  await button('Without the filter Action').click()
  await records().filter({ hasText: 'group/write' }).first().waitFor()
  await page.goBack()
  await records().filter({ hasText: 'group/write' }).first().waitFor({ state: 'detached' })
  await page.goto(`${platform.control}${AUDIT}?result=nonsense`)
  await page.getByRole('alert').waitFor()
  assert.deepEqual(wrong, [])
})

test('what another tenant did by a delegation, and what was denied to it, says both tenants', async () => {
  const provider = (await make('/api/v1/tenants', { name: 'provider' })).id
  const ann = await make(`/api/v1/tenants/${provider}/principals`, { kind: 'service', name: 'ann' })
  const { secret } = await make<NewSecret>(`/api/v1/tenants/${provider}/principals/${ann.id}/secrets`, {})
  const theirs = `/api/v1/tenants/${provider}`
  await make(`${theirs}/assignments`, { principalId: ann.id, roleId: 'rol_owner', scope: `/tenants/${provider}` })
  const asAnn = (path: string, body?: unknown) =>
    fetch(platform.control + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Basic ${btoa(`${ann.id}:${secret}`)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const grants = [{ principal: 'ann', role: 'Contributor' }]
  const offer = (await (await asAnn(`${theirs}/offers`, { name: 'care', grants })).json()) as Offer
  const exported = await asAnn(`${theirs}/offers/${offer.id}/document`)
  const { document } = (await exported.json()) as OfferDocument
  const { digest } = (await (
    await platform.api(`${HOME}/delegations/review`, { method: 'POST', body: { document } })
  ).json()) as Review
  await make(`${HOME}/delegations`, { document, digest })
  assert.equal((await asAnn(`${HOME}/groups`, { name: 'made-by-ann' })).status, 201)
  const role = { principalId: ann.id, roleId: 'rol_owner', scope: '/tenants/ten_default' }
  assert.equal((await asAnn(`${HOME}/assignments`, role)).status, 403)

  await enter(`${AUDIT}?actor=${ann.id}`)
  await records().filter({ hasText: 'group/write' }).getByRole('cell').getByText('provider', { exact: true }).waitFor()
  await records().filter({ hasText: 'group/write' }).getByRole('button').click()
  const facts = (await panel().textContent()) ?? ''
  assert.match(
    facts,
    new RegExp(`${ann.id}service of tenant provider.*Tenantdefault ten_default.*Managing tenantprovider ${provider}`),
  )
  await page.keyboard.press('Escape')
  await records().filter({ hasText: 'access/assign' }).getByText('Denied').waitFor()
  await page.goto(`${platform.control}${AUDIT}?actor=${ann.id}&result=denied`)
  await records().filter({ hasText: 'access/assign' }).waitFor()
  assert.equal(await records().filter({ hasText: 'group/write' }).count(), 0)
  assert.deepEqual(wrong, [])
})

test('the badge verifies the chain of control and that of a region, and an export is a file of it', async () => {
  await enter()
  await allSealed()
  await button('Verify again').click()
  const all = (await audit({ limit: '500' })).length
  await badge().getByText(`${all} records verified`).waitFor()
  await badge().getByText('all sealed').waitFor()
  await page.getByLabel('Recorded at').selectOption({ label: 'Region home' })
  await page.waitForURL(/region=home/)
  await badge()
    .getByText(/records? verified|Nothing is sealed yet/)
    .waitFor()

  await page.goto(`${platform.control}${AUDIT}?action=token%2Fwrite`)
  await button('Export').click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'JSON lines' }).click(),
  ])
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n')
  assert.equal(file.suggestedFilename(), 'audit-default-control-jsonl.jsonl')
  assert.match(lines.at(-1) ?? '', /^\{"head":/)
  assert.ok(lines.slice(0, -1).every(line => (JSON.parse(line) as AuditRecord).action === 'token/write'))
  assert.deepEqual(wrong, [])
})

test('the keyboard alone opens a record, goes to the older one, and comes back to where it was', async () => {
  await enter()
  await records().nth(2).waitFor()
  const focused = (): Promise<string> => page.evaluate(`document.activeElement?.textContent?.trim() ?? ''`)
  const first = await records().first().getByRole('button').textContent()
  for (let tries = 0; tries < 40 && (await focused()) !== first; tries++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await panel().waitFor()
  const [newest, second] = await audit()
  await panel()
    .getByText(newest?.id ?? '')
    .waitFor()
  const older = page.getByRole('button', { name: 'The older record' })
  for (let tries = 0; tries < 10 && !(await older.evaluate(one => one.matches(':focus'))); tries++)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await panel()
    .getByText(second?.id ?? '')
    .waitFor()
  await page.keyboard.press('Escape')
  await panel().waitFor({ state: 'detached' })
  assert.equal(await focused(), first)
  assert.deepEqual(wrong, [])
})

test('nothing that axe finds, light and dark, wide and narrow; nothing jumps or runs over the edge', async () => {
  await enter()
  const found: string[] = []
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.goto(`${platform.control}${AUDIT}?result=done`)
      await records().first().waitFor()
      await badge().getByText('records verified').waitFor()
      const steps = [
        ['audit', async () => {}],
        ['audit filter', () => button('Filter').click()],
        ['audit record', () => records().first().getByRole('button').click()],
      ] as const
      for (const [name, step] of steps) {
        const moved = await shift(page)
        if (name === 'audit' && moved > 0.05) found.push(`${size}, ${colorScheme}: jumps by ${moved}`)
        await step()
        await picture(page, `${name}-${size}-${colorScheme}`)
        for (const one of await axe(page)) found.push(`${name}, ${size}, ${colorScheme}: ${one}`)
        const wide: number = await page.evaluate(WIDER)
        if (wide > 0) found.push(`${name}, ${size}: is ${wide} px wider than the screen`)
      }
    }
  }
  assert.deepEqual(found, [])
  assert.deepEqual(wrong, [])
})

/** While the platform is stopped, past it. */
async function write(sql: string): Promise<void> {
  await platform.stop({ keep: true })
  const database = new DatabaseSync(join(home, 'control', 'control.sqlite'))
  try {
    assert.equal(database.prepare(sql).run().changes, 1)
  } finally {
    database.close()
    platform = await start()
  }
}

test('a record that was altered in the database is told by the badge, in words, and no more once it is put back', async () => {
  await allSealed()
  const one = (await audit({ limit: '500' })).find(({ sequence }) => sequence === 3)
  assert.ok(one)
  await write(`update audit_entry set actor_id = 'somebody-else' where id = '${one.id}'`)
  await enter()
  await badge().getByText('The chain is not what was recorded').waitFor()
  await badge().getByText(`Record 3 (${one.id}), or the one before it, is not what was sealed`).waitFor()
  await picture(page, 'audit-altered')
  assert.deepEqual(await axe(page), [])
  await write(`update audit_entry set actor_id = '${one.actor.id}' where id = '${one.id}'`)
  await enter()
  await badge().getByText('records verified').waitFor()
  assert.deepEqual(wrong, [])
})

test('verified again, the chain must still be the one that the page saw before', async () => {
  await enter()
  await badge().getByText('records verified').waitFor()
  let seen = ''
  await page.route('**/api/v1/audit/verify?**', async route => {
    const url = new URL(route.request().url())
    seen = url.searchParams.get('anchor') ?? ''
    // Another hash there: as if the chain had been made anew meanwhile.
    url.searchParams.set('anchor', `${seen.split(':')[0]}:${'A'.repeat(43)}`)
    await route.continue({ url: url.href })
  })
  await button('Verify again').click()
  await badge().getByText('is another one than was known elsewhere').waitFor()
  const one = (await audit({ limit: '500' })).find(({ sequence }) => sequence === Number(seen.split(':')[0]))
  assert.equal(seen, `${one?.sequence}:${one?.hash}`)
  assert.deepEqual(wrong, [])
})
