import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { buildConsole, openBrowser, SIZES, signIn } from '../test/browser/console.ts'
import { Wire } from '../test/peers/support/client.ts'
import { OCI } from '../test/peers/support/digest.ts'
import { freePort } from '../test/peers/support/process.ts'
import type { Registry } from '../test/peers/support/registry.ts'
import { EMPTY, fill, numbered, send } from './support/fill.ts'
import { interact, OBSERVE, paint, scroll } from './support/interact.ts'
import { median } from './support/measure.ts'
import { report, times, whole } from './support/report.ts'
import { startTowpath } from './support/servers.ts'

const OUT = fileURLToPath(new URL('.out/pages/', import.meta.url))
const SMALL = { name: 'small', host: 'small.example' }

type Subject = { what: string; url: string; search: string }
type Figures = { paint: number; rows: number; interaction: number; frame: number; elements: number }

/** What a page of very many rows costs whoever looks at it, against the same page of ten, and against a page of nothing. */
export async function pages(quick: boolean): Promise<void> {
  buildConsole()
  const server = await startTowpath()
  const bare = await barePage()
  const browser = await openBrowser()
  const [repositories, tags] = quick ? [200, 1000] : [10_000, 100_000]
  try {
    await makeSmall(server.registry)
    await grow(server.url, { ...server.registry.wire.headers, host: SMALL.host }, 10, 10)
    await grow(server.url, server.registry.wire.headers, repositories, tags)
    const at = `${server.registry.controlUrl}/t/default/registries`
    const ofTags = 'repository?repository=bench/tags'
    const subjects: Subject[] = [
      { what: 'a page of nothing', url: bare.url, search: '' },
      { what: '10 repositories', url: `${at}/small/repositories`, search: 'n00000' },
      { what: `${whole(repositories)} repositories`, url: `${at}/default/repositories`, search: 'n00010' },
      { what: '10 tags', url: `${at}/small/${ofTags}`, search: 't00000' },
      { what: `${whole(tags)} tags`, url: `${at}/default/${ofTags}`, search: 't00050' },
    ]
    const state = await signedIn(browser, server.registry)
    const all = new Map<string, Figures[]>(subjects.map(({ what }) => [what, []]))
    for (let round = -1; round < (quick ? 1 : 5); round++) {
      for (const subject of subjects) {
        const figures = await measure(browser, state, subject)
        if (round >= 0) all.get(subject.what)?.push(figures)
      }
    }
    report('pages', quick, table(subjects, all), NOTE)
    await pictures(browser, state, subjects.slice(1))
  } finally {
    await browser.close()
    bare.stop()
    await server.stop()
  }
}

const NOTE =
  'Each round in a browser without anything cached. Interaction to next paint: the slowest of some 60 presses and clicks of a round (typing a search, arrows, Page Down, End, opening a row and going back), as the browser times them, in steps of 8 ms; the least that it tells is 16. Longest frame: while the wheel turns through 32,000 pixels.'

function table(subjects: readonly Subject[], all: ReadonlyMap<string, Figures[]>): string[][] {
  const middle = (what: string, figure: keyof Figures) => median((all.get(what) ?? []).map(one => one[figure]))
  const rows = subjects.map(({ what }, i) => {
    const ms = (figure: keyof Figures) => `${whole(middle(what, figure))} ms`
    if (i === 0) return [what, ms('paint'), '', '', '', '', '']
    const ten = subjects[i % 2 === 0 ? i - 1 : i]?.what ?? what
    const against = (figure: keyof Figures) =>
      ten === what ? '' : ` (${times(middle(what, figure) / middle(ten, figure))})`
    const cells = (['paint', 'rows', 'interaction', 'frame'] as const).map(figure => ms(figure) + against(figure))
    return [
      what,
      ...cells,
      whole(middle(what, 'elements')),
      times(middle(what, 'paint') / middle(subjects[0]?.what ?? '', 'paint')),
    ]
  })
  const head = [
    'page',
    'first contentful paint',
    'first rows',
    'interaction to next paint',
    'longest frame',
    'elements',
  ]
  return [[...head, 'paint, against nothing'], ...rows]
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>

async function signedIn(browser: Browser, { controlUrl, login }: Registry): Promise<State> {
  const context = await browser.newContext()
  await signIn(await context.newPage(), controlUrl, login.password)
  const state = await context.storageState()
  await context.close()
  return state
}

async function measure(browser: Browser, storageState: State, { url, search }: Subject): Promise<Figures> {
  const context = await browser.newContext({ storageState, viewport: SIZES.wide })
  const page = await context.newPage()
  await page.addInitScript(OBSERVE)
  await page.goto(url)
  try {
    if (search === '') return { paint: await paint(page), rows: 0, interaction: 0, frame: 0, elements: 0 }
    await page.locator('[data-index="0"]').waitFor()
    const first = { paint: await paint(page), rows: await page.evaluate<number>('window.bench.rows') }
    const frame = await scroll(page)
    const elements = await page.evaluate<number>('document.querySelectorAll("*").length')
    return { ...first, frame, elements, interaction: await interact(page, search) }
  } finally {
    await context.close()
  }
}

/** To be looked at by a person: nothing here says whether they are beautiful. */
async function pictures(browser: Browser, storageState: State, subjects: readonly Subject[]): Promise<void> {
  mkdirSync(OUT, { recursive: true })
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ storageState, viewport, colorScheme })
      const page: Page = await context.newPage()
      for (const { what, url } of subjects) {
        await page.goto(url)
        await page.locator('[data-index="0"]').waitFor()
        await page.screenshot({ path: `${OUT}${what.replaceAll(/\W+/g, '-')}-${size}-${colorScheme}.png` })
      }
      await context.close()
    }
  }
}

async function makeSmall({ controlUrl, wire }: Registry): Promise<void> {
  const headers = { ...wire.headers, 'content-type': 'application/json' }
  const body = JSON.stringify({ name: SMALL.name, hosts: [SMALL.host] })
  const made = await new Wire(controlUrl).request('/api/v1/registries', { method: 'POST', body, headers })
  if (made.status !== 201) throw new Error(`The registry was answered ${made.status}: ${await made.text()}`)
  // Until the regions have heard of it, its host means the default one.
  await new Promise(done => setTimeout(done, 3000))
}

/** Repositories of one tag each, and one repository with very many, a hundred of them on a manifest. */
async function grow(url: string, headers: Record<string, string>, repositories: number, tags: number): Promise<void> {
  const type = { ...headers, 'content-type': OCI.manifest }
  const blobs = (repository: string) => `${url}/v2/${repository}/blobs/uploads/`
  await send('POST', `${blobs('bench/tags')}?digest=${EMPTY.digest}`, headers, EMPTY.bytes)
  const aPush = Math.min(100, tags)
  await fill(tags / aPush, 0, async number => {
    const { body, digest } = numbered(number)
    const names = Array.from({ length: aPush }, (_, i) => `tag=t${String(number * aPush + i).padStart(6, '0')}`)
    await send('PUT', `${url}/v2/bench/tags/manifests/${digest}?${names.join('&')}`, type, body)
  })
  const { body } = numbered(0)
  // One of them is the one with the tags.
  await fill(repositories - 1, 0, async number => {
    const repository = `bench/many/n${String(number).padStart(6, '0')}`
    await send('POST', `${blobs(repository)}?mount=${EMPTY.digest}&from=bench/tags`, headers)
    await send('PUT', `${url}/v2/${repository}/manifests/latest`, type, body)
  })
}

/** What the browser and the machine alone cost: one line of text, from memory. */
async function barePage(): Promise<{ url: string; stop: () => void }> {
  const port = await freePort()
  const server = createServer((_, res) => {
    res.setHeader('content-type', 'text/html')
    res.end('<!doctype html><title>Nothing</title><p>Nothing</p>')
  })
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.close() }
}
