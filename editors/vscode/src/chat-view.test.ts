import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Uri, WebviewView } from 'vscode'
import type { FromPage, ToPage } from '../page/messages.ts'
import type { Ask } from './conversation.ts'
import './vscode.fixture.ts'

const { createChatView } = await import('./chat-view.ts')

const at = { line: 2, character: 0 }
const SOURCE = { number: 1, citation: 'acme/web@0123:src/a.ts#L3-L3', uri: 'golden:/a', range: { start: at, end: at } }
const ask: Ask = async () => ({ text: 'So [1].', sources: [SOURCE], notes: [] })

/** A view as VS Code makes it each time it is shown. */
function showIn(provider: ReturnType<typeof createChatView>) {
  const said: ToPage[] = []
  let hear: (message: FromPage | object) => void = () => undefined
  let gone: () => void = () => undefined
  const webview = {
    cspSource: 'https://files.test',
    html: '',
    options: {} as { localResourceRoots?: unknown },
    asWebviewUri: (uri: unknown) => `https://files.test${uri}`,
    postMessage: (message: ToPage) => said.push(message),
    onDidReceiveMessage: (heard: typeof hear) => {
      hear = heard
    },
  }
  const view = {
    webview,
    onDidDispose: (dispose: () => void) => {
      gone = dispose
    },
  } as unknown as WebviewView
  provider.resolveWebviewView(view, {} as never, {} as never)
  return { said, webview, hear: (message: FromPage | object) => hear(message), hide: () => gone() }
}

const settle = () => new Promise(done => setImmediate(done))
const extension = '/extension' as unknown as Uri

test('a question of the page is answered, its source opened, and all of it is there when the view comes back', async () => {
  const opened: string[] = []
  const provider = createChatView({ extension, ask, open: ({ uri }) => opened.push(uri) })
  const first = showIn(provider)
  first.hear({ type: 'ready' })
  first.hear({ type: 'ask', question: 'How?' })
  await settle()
  const done = {
    question: 'How?',
    answer: 'So [1].',
    sources: [{ number: 1, label: SOURCE.citation }],
    notes: [],
    state: 'done',
  }
  assert.deepEqual(first.said.at(-1), { type: 'turn', index: 0, turn: done })
  first.hear({ type: 'open', index: 0, number: 1 })
  first.hear({ type: 'open', index: 0, number: 2 })
  first.hear({ type: 'open', index: 7, number: 1 })
  assert.deepEqual(opened, ['golden:/a'])
  first.hide()

  const again = showIn(provider)
  again.hear({ type: 'ready' })
  assert.deepEqual(again.said, [{ type: 'turns', turns: [done] }])
  provider.conversation.clear()
  assert.deepEqual(again.said.at(-1), { type: 'turns', turns: [] })
  assert.deepEqual(first.said.at(-1), { type: 'turn', index: 0, turn: done })
})

test('the page may load its own two files and nothing else', () => {
  const { webview } = showIn(createChatView({ extension, ask, open: () => undefined }))
  assert.deepEqual(webview.options.localResourceRoots, ['/extension/dist'])
  const policy = /content="(default-src [^"]*)"/.exec(webview.html)?.[1] ?? ''
  const nonce = /script-src 'nonce-([\w-]{20,})'$/.exec(policy)?.[1] ?? 'none'
  assert.equal(
    policy.replace(nonce, ''),
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src https://files.test; script-src 'nonce-'",
  )
  assert.match(webview.html, new RegExp(`<script nonce="${nonce}" src="https://files.test/extension/dist/chat.js">`))
  const other = showIn(createChatView({ extension, ask, open: () => undefined }))
  assert.ok(!other.webview.html.includes(nonce))
})
