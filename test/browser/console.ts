import { execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axeCore, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Platform } from '../support/platform.ts'

/** Debian's; `.ci/peers` installs it. */
const CHROMIUM = process.env.TOWPATH_TEST_CHROMIUM ?? '/usr/bin/chromium'
/** Where pictures go that a person wants to look at; none are taken without it. */
const PICTURES = process.env.TOWPATH_TEST_PICTURES

export const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } } as const

const BUILD = fileURLToPath(new URL('../../bin/console.mjs', import.meta.url))
/** How many pixels of a page lie beyond its right edge. */
export const WIDER = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

/** Where it is missing or stale; control reads it when it starts. */
export function buildConsole(): void {
  execFileSync(process.execPath, [BUILD], { stdio: 'inherit' })
}

export function openBrowser(): Promise<Browser> {
  // As root, as CI is, Chromium has no sandbox of its own; it only ever loads our pages.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
}

/** A page that fails the test where it logs an error, throws, or breaks its own policy. */
export async function openPage(context: BrowserContext, wrong: string[]): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', error => wrong.push(`${page.url()}: ${error.message}`))
  page.on('console', message => {
    // What the API refuses is shown by the page, and logged by the browser all the same.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      wrong.push(`${page.url()}: ${message.text()}`)
  })
  return page
}

export async function signIn(page: Page, control: string, password: string): Promise<void> {
  await page.goto(`${control}/sign-in`)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(url => url.pathname.startsWith('/t/'))
}

/** Signed in, at an address of the console whose page is there. */
export async function enterAt(page: Page, { control, adminPassword }: Platform, path: string): Promise<void> {
  await signIn(page, control, adminPassword)
  await page.goto(control + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

/** What axe finds against WCAG 2.2 A and AA and against good practice, in words. */
export async function axe(page: Page): Promise<string[]> {
  // By the debugger: the page's own policy lets no script of others in.
  await page.evaluate(axeCore.source)
  const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const options = JSON.stringify({ runOnly: { type: 'tag', values } })
  const { violations, passes }: AxeResults = await page.evaluate(`axe.run(${options})`)
  if (passes.length === 0) throw new Error('axe looked at nothing')
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

/** How much of the page moved without anybody having touched it: the sum of its layout shifts. */
export function shift(page: Page): Promise<number> {
  // Where nothing moved, nothing is told.
  return page.evaluate(`new Promise(done => {
    const seen = list => list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
    new PerformanceObserver(list => done(seen(list))).observe({ type: 'layout-shift', buffered: true })
    setTimeout(() => done(0), 100)
  })`)
}

/** What is wrong with how pages look, by name and address: light and dark, wide and narrow; axe, what jumps, what runs over the edge. */
export async function flawsOf(page: Page, addresses: Readonly<Record<string, string>>): Promise<string[]> {
  const found: string[] = []
  for (const [name, address] of Object.entries(addresses)) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport)
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.goto(address)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
        const where = `${name}, ${size}, ${colorScheme}`
        await picture(page, `${name}-${size}-${colorScheme}`)
        for (const one of await axe(page)) found.push(`${where}: ${one}`)
        const moved = await shift(page)
        if (moved > 0.05) found.push(`${where}: jumps by ${moved}`)
        const wide: number = await page.evaluate(WIDER)
        if (wide > 0) found.push(`${where}: is ${wide} px wider than the screen`)
      }
    }
  }
  return found
}

/** A picture for a person, where one was asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  await mkdir(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`) })
}
