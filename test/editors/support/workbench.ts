import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { type Message, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node'
import { openBrowser } from '../../browser/console.ts'
import { run } from '../../peers/support/process.ts'
import { buildExtension, EXTENSION, install } from './extension.ts'
import type { World } from './world.fixture.ts'

const FOLDER = fileURLToPath(new URL('../monaco', import.meta.url))
/** The page around a webview: VS Code has it as files. */
const WEBVIEW = join(FOLDER, 'node_modules/@codingame/monaco-vscode-view-common-service-override')
const PAGE = '<!doctype html><body><script type="module" src="/page.js"></script>'
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' }

export type Workbench = { readonly page: Page; close(): Promise<void> }

/** VS Code's workbench in Chromium with our extension in it, and a mentor at the other end. */
export async function openWorkbench({ project, env, towpath }: World, paths: readonly string[]): Promise<Workbench> {
  await buildExtension()
  await install('test/editors/monaco')
  const built = await mkdtemp(join(tmpdir(), 'towpath-workbench-'))
  // What the page is made of is only here, so its types are checked here.
  const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))
  await run(process.execPath, [tsc, '-p', '.'], { cwd: FOLDER })
  await run(process.execPath, ['build.ts', built], { cwd: FOLDER })

  const server = createServer(async ({ url = '/' }, response) => {
    const [path = '/'] = url.split('?')
    const root = path.startsWith('/service-override/') ? WEBVIEW : built
    const text = path === '/' ? PAGE : await readFile(join(root, path)).catch(() => undefined)
    response
      .writeHead(text === undefined ? 404 : 200, { 'content-type': TYPES[extname(path)] ?? 'text/html' })
      .end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const mentor = spawn(towpath, ['mentor'], { cwd: project, env, stdio: ['pipe', 'pipe', 'inherit'] })
  const browser = await openBrowser()
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(60_000)
  await carry(page, mentor)
  const files = new Map<string, string>()
  for (const path of paths) files.set(join(project, path), await readFile(join(project, path), 'utf8'))
  for (const name of ['chat.js', 'chat.css']) {
    files.set(`/extension/dist/${name}`, await readFile(join(EXTENSION, 'dist', name), 'utf8'))
  }
  await page.addInitScript(
    `Object.assign(globalThis, ${JSON.stringify({ project, files: Object.fromEntries(files) })})`,
  )
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction('globalThis.vscode !== undefined')
  return {
    page,
    async close() {
      await closeAll(browser, mentor)
      server.close()
      await rm(built, { recursive: true, force: true })
    },
  }
}

/** Messages between the page and the mentor's standard input and output. */
async function carry(page: Page, mentor: ChildProcess): Promise<void> {
  if (!mentor.stdin || !mentor.stdout) throw new Error('The mentor has no pipes')
  const writer = new StreamMessageWriter(mentor.stdin)
  await page.exposeFunction('toMentor', (message: Message) => writer.write(message))
  const tell = (call: string, ...args: unknown[]) =>
    // The page may be gone before the mentor is.
    page.evaluate(`${call}(${args.map(arg => JSON.stringify(arg)).join()})`).catch(() => undefined)
  let told = Promise.resolve<unknown>(undefined)
  new StreamMessageReader(mentor.stdout).listen(message => {
    told = told.then(async () => {
      const opened = openedFile(message)
      // The page has no disk: what the mentor wrote to be opened is put there.
      if (opened !== undefined) await tell('addFile', opened, await readFile(opened, 'utf8'))
      await tell('fromMentor', message)
    })
  })
}

function openedFile(message: Message & { method?: string; params?: { uri?: string } }): string | undefined {
  const { method, params } = message
  if (method !== 'window/showDocument' || !params?.uri?.startsWith('file:')) return undefined
  return fileURLToPath(params.uri)
}

async function closeAll(browser: Browser, mentor: ChildProcess): Promise<void> {
  await browser.close()
  const gone = mentor.exitCode === null ? once(mentor, 'exit') : undefined
  mentor.kill()
  await gone
}
