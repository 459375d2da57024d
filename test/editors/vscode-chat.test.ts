import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { ToPage, Turn } from '../../editors/vscode/page/messages.ts'
import { chatHtml } from '../../editors/vscode/src/chat-html.ts'
import { axe, openBrowser, openPage } from '../browser/console.ts'
import { buildExtension, EXTENSION } from './support/extension.ts'

// The page of VS Code's chat, as it is packaged, in a browser: under the policy that it has in VS Code, and with the
// test at the other end of its messages.

const NONCE = 'of-this-test'
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' }
const wrong: string[] = []
let server: Server
let browser: Browser
let page: Page

before(async () => {
  await buildExtension()
  server = createServer(async ({ url = '/' }, response) => {
    const type = TYPES[url.slice(url.lastIndexOf('.'))] ?? 'text/html'
    const text = url === '/' ? html() : await readFile(join(EXTENSION, 'dist', url)).catch(() => '')
    response.setHeader('content-type', type).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  browser = await openBrowser()
  page = await openPage(await browser.newContext({ viewport: { width: 390, height: 700 } }), wrong)
  await page.addInitScript(`
    globalThis.said = []
    globalThis.acquireVsCodeApi = () => ({ postMessage: message => said.push(message) })
    // Colours that VS Code's own light theme has.
    addEventListener('DOMContentLoaded', () => {
      const style = document.documentElement.style
      for (const [name, value] of Object.entries({
        'foreground': '#3b3b3b', 'descriptionForeground': '#3b3b3b', 'errorForeground': '#a1260d', 'focusBorder': '#005fb8',
        'textLink-foreground': '#005fb8', 'textCodeBlock-background': '#f8f8f8', 'button-foreground': '#ffffff',
        'button-background': '#005fb8', 'input-foreground': '#3b3b3b', 'input-background': '#ffffff', 'input-border': '#767676',
        'font-size': '13px', 'font-family': 'sans-serif', 'editor-font-size': '12px', 'editor-font-family': 'monospace',
      })) style.setProperty('--vscode-' + name, value)
    })`)
  await page.goto(origin())
})
after(async () => {
  await browser?.close()
  server?.close()
})

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const html = () =>
  chatHtml({ script: `${origin()}/chat.js`, style: `${origin()}/chat.css`, source: origin(), nonce: NONCE })
const said = () => page.evaluate<unknown[]>('said')
const tell = (message: ToPage) => page.evaluate(`window.postMessage(${JSON.stringify(message)})`)
const label = 'acme/web@0123456789ab:src/a.ts#L3-L9'
const turn = (answer: string, more: Partial<Turn> = {}): Turn => ({
  question: 'How?',
  answer,
  sources: [],
  notes: [],
  state: 'streaming',
  ...more,
})

test('asks by Enter, and shows an answer as it comes', async () => {
  assert.deepEqual(await said(), [{ type: 'ready' }])
  await page.getByLabel('Question to the mentor').focus()
  await page.keyboard.type('How do we')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('read a file?')
  await page.keyboard.press('Enter')
  assert.deepEqual((await said()).at(-1), { type: 'ask', question: 'How do we\nread a file?' })
  assert.equal(await page.getByLabel('Question to the mentor').inputValue(), '')
  await tell({ type: 'turn', index: 0, turn: turn('Keep the') })
  await page.getByText('Keep the').waitFor()
  assert.equal(await page.getByRole('status').textContent(), 'The mentor answers.')
  await page.getByRole('button', { name: 'Stop' }).waitFor()
  await page.keyboard.press('Escape')
  assert.deepEqual((await said()).at(-1), { type: 'stop' })
})

test('opens citations by keyboard, in the answer and below it', async () => {
  const answer = 'Keep the cause [1]:\n\n```ts\nthrow new Error(words, { cause: error }) // items[1]\n```'
  await tell({ type: 'turn', index: 0, turn: turn(answer, { state: 'done', sources: [{ number: 1, label }] }) })
  const sources = page.getByRole('button', { name: `Source 1: ${label}` })
  await sources.first().waitFor()
  assert.equal(await sources.count(), 2)
  assert.equal(await page.getByRole('status').textContent(), 'The answer is here.')
  for (const one of await sources.all()) {
    await one.focus()
    await page.keyboard.press('Enter')
    assert.deepEqual((await said()).at(-1), { type: 'open', index: 0, number: 1 })
  }
})

test('takes no HTML from an answer, and runs nothing of it', async () => {
  const evil =
    '<img src=x onerror="globalThis.ran = true"><script>globalThis.ran = true</script> [link](javascript:ran=true)'
  await tell({
    type: 'turns',
    turns: [turn(evil, { state: 'done' }), turn('', { state: 'failed', problem: '<b>No model</b>' })],
  })
  await page.getByText('<b>No model</b>').waitFor()
  assert.equal(await page.locator('#log img, #log script, #log a, #log b').count(), 0)
  assert.equal(await page.evaluate('globalThis.ran'), undefined)
  // What gets into the page all the same is refused by its policy.
  const refused = page.waitForEvent('console', message => message.text().includes('Content Security Policy'))
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = true' }))`,
  )
  await refused
  assert.equal(await page.evaluate('globalThis.ran'), undefined)
  wrong.length = 0
})

test('reads well: axe finds nothing, and nothing runs over the edge', async () => {
  const long = { number: 1, label: `acme/web@0123456789ab:${'deep/'.repeat(30)}a.ts#L3-L9` }
  const answer = `See [1].\n\n\`\`\`\n${'wide '.repeat(60)}\n\`\`\``
  await tell({
    type: 'turns',
    turns: [turn(answer, { state: 'done', sources: [long] }), turn('Well', { state: 'stopped' })],
  })
  await page.getByText('Stopped.').first().waitFor()
  assert.deepEqual(await axe(page), [])
  assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false)
  assert.deepEqual(wrong, [])
})
