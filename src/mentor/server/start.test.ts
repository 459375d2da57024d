import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  CancellationTokenSource,
  type ClientCapabilities,
  type CodeLens,
  type CompletionItem,
  createProtocolConnection,
  type InitializeResult,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import { createLog, systemClock } from '../../kernel/index.ts'
import { modelServer } from '../../models/testing/model-server.fixture.ts'
import { allowConfigs } from '../config/allow.ts'
import { memoryLibrary } from './memory-library.fixture.ts'
import { LIVE_CHARACTERS } from './open-document.ts'
import { startServer } from './start.ts'

const COMMIT = 'c'.repeat(40)
const SEND = `import { store } from './store.ts'

/** Sends an order to the shop that takes it. */
export async function sendOrder(id: string): Promise<void> {
  const order = await store.read(id)
  if (order === undefined) {
    throw new OrderMissing(id)
  }
  await shops.send(order)
}
`

type Config = Record<string, unknown>

/** A server in this process and a client beside it, over streams that end nowhere. */
async function setUp(
  t: TestContext,
  { config = {}, capabilities = {} }: { config?: Config; capabilities?: ClientCapabilities } = {},
) {
  const base = mkdtempSync(join(tmpdir(), 'server-'))
  const folder = join(base, 'shop')
  mkdirSync(folder)
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  const configFile = join(folder, 'archangel.json')
  writeFileSync(
    configFile,
    JSON.stringify({ name: 'shop', version: '1.0.0', repositories: ['team/orders'], ...config }),
  )
  const places = { cache: join(base, 'cache'), state: join(base, 'state') }
  const log: string[] = []
  const library = await memoryLibrary({ 'team/orders': [{ commit: COMMIT, files: { 'src/send-order.ts': SEND } }] })

  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  startServer({
    input: toServer,
    output: toClient,
    version: '1',
    clock: systemClock('test'),
    log: createLog({
      level: 'info',
      format: 'text',
      role: 'mentor',
      write: line => log.push(line),
    }),
    places,
    library,
    env: { MODEL_KEY: 'k' },
  })
  const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer))
  client.listen()
  t.after(async () => {
    await client.sendRequest('shutdown')
    client.dispose()
    rmSync(base, { recursive: true, force: true })
  })
  const start = async () => {
    const params = { processId: null, rootUri: pathToFileURL(folder).href, capabilities }
    const initialized = await client.sendRequest<InitializeResult>('initialize', params)
    await client.sendNotification('initialized', {})
    return initialized
  }
  const open = async (name: string, text: string) => {
    const uri = name.includes(':') ? name : pathToFileURL(join(folder, name)).href
    await client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: '', version: 1, text } })
    return uri
  }
  const at = (uri: string, line: number, character: number) => ({
    textDocument: { uri },
    position: { line, character },
  })
  return { client, start, open, at, log, folder, places, configFile }
}

test('above a function that is being written stands how many golden examples are near', async t => {
  const { client, start, open } = await setUp(t)
  await start()
  const uri = await open('src/a.ts', 'export function sendOrderAgain() {}\n\nfunction paint() {}\n')
  const lenses = await client.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } })
  const titles = await Promise.all(lenses.map(lens => client.sendRequest<CodeLens>('codeLens/resolve', lens)))
  assert.deepEqual(
    titles.map(({ range, command }) => [range.start.line, command?.title]),
    [
      [0, '1 golden example'],
      [2, 'no golden examples'],
    ],
  )
  const { examples } = await client.sendRequest<{ examples: { text: string }[] }>('workspace/executeCommand', {
    command: titles[0]?.command?.command,
    arguments: titles[0]?.command?.arguments,
  })
  assert.match(
    examples[0]?.text ?? '',
    /^team\/orders@c{12}:src\/send-order\.ts#L3-L10\n\n```typescript\n\/\*\* Sends an order/,
  )
})

test('names of the golden repositories are offered with their place, and only the name is put in', async t => {
  const { client, start, open, at } = await setUp(t, {
    capabilities: { textDocument: { hover: { contentFormat: ['markdown'] } } },
  })
  await start()
  const uri = await open('src/a.ts', 'await sendO\nse\n')
  const { items } = await client.sendRequest<{ items: CompletionItem[] }>('textDocument/completion', at(uri, 0, 11))
  assert.deepEqual(
    items.map(({ label, detail, textEdit }) => [label, detail, textEdit?.newText]),
    [['sendOrder', 'team/orders: src/send-order.ts:4', 'sendOrder']],
  )
  const [item] = items
  const resolved = await client.sendRequest<CompletionItem>('completionItem/resolve', item as CompletionItem)
  assert.match(JSON.stringify(resolved.documentation), /team\/orders@c{12}:src\/send-order\.ts#L3-L10.*shops\.send/)
  const short = await client.sendRequest<{ items: CompletionItem[] }>('textDocument/completion', at(uri, 1, 2))
  assert.deepEqual(short.items, [], 'two letters mean everything')
  const python = await open('src/a.py', 'sendO\n')
  assert.deepEqual(
    (await client.sendRequest<{ items: unknown[] }>('textDocument/completion', at(python, 0, 5))).items,
    [],
  )
})

test('a line goes on by itself never while somebody learns, by a statement in pairing, by a block else', async t => {
  const { client, start, open, at } = await setUp(t, { capabilities: { textDocument: { inlineCompletion: {} } } })
  assert.equal((await start()).capabilities.inlineCompletionProvider, true)
  const uri = await open('src/a.ts', '  if (order ===')
  const ask = async (mode: string) => {
    await client.sendRequest('workspace/executeCommand', { command: 'towpath.mentor.mode', arguments: [{ mode }] })
    const params = { ...at(uri, 0, 15), context: { triggerKind: 1 } }
    return (await client.sendRequest<{ insertText: string }[]>('textDocument/inlineCompletion', params)).map(
      one => one.insertText,
    )
  }
  assert.deepEqual(await ask('learning'), [])
  assert.deepEqual(await ask('pairing'), [' undefined) {'])
  assert.deepEqual(await ask('off'), [' undefined) {\n    throw new OrderMissing(id)\n  }'])
})

test('what is wrong in archangel.json is marked in it, and what it says counts as soon as it is typed', async t => {
  const { client, start, open, configFile } = await setUp(t, { capabilities: { textDocument: { diagnostic: {} } } })
  await start()
  const text = '{\n  "name": "shop",\n  "repositories": ["team/orders"],\n  "hints": { "limit": "many" }\n}\n'
  const uri = await open('archangel.json', text)
  const pull = async () =>
    (
      await client.sendRequest<{ items: { range: { start: { line: number } }; message: string; severity: number }[] }>(
        'textDocument/diagnostic',
        { textDocument: { uri } },
      )
    ).items
  const [problem, ...others] = await pull()
  assert.deepEqual([problem?.range.start.line, problem?.severity, others.length], [3, 1, 0])
  assert.match(problem?.message ?? '', /^hints\.limit is .*\. .*\.$/)
  const start_ = { line: 3, character: 0 }
  await client.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: start_, end: { line: 4, character: 0 } }, text: '  "version": "2"\n' }],
  })
  assert.deepEqual(await pull(), [])
  assert.match(readFileSync(configFile, 'utf8'), /1\.0\.0/, 'nothing was saved')
})

test('a program of the team is told only after the user allowed it', async t => {
  const script = "process.stdin.on('data', text => require('node:fs').appendFileSync('told.jsonl', text))"
  const handlers = [{ on: ['hintMuted', 'hintShown'], command: [process.execPath, '-e', script] }]
  const { client, start, open, folder, places } = await setUp(t, {
    config: {
      handlers,
      hints: { pause: 100 },
      norms: { agreement: 0.9, cases: 1, repositories: 1, off: ['docs/*', 'naming/*', 'layout/*'] },
    },
  })
  await start()
  const told = () => {
    try {
      return readFileSync(join(folder, 'told.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
    } catch {
      return []
    }
  }
  const shown = () => new Promise(resolve => client.onNotification('towpathMentor/hintShown', resolve))
  const wrong = 'export async function f() {\n  throw "hush"\n}\n'
  const first = shown()
  await open('src/a.ts', wrong)
  await first
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.deepEqual(told(), [])

  await allowConfigs({ folder, state: places.state })
  await client.sendNotification('workspace/didChangeWatchedFiles', { changes: [] })
  const second = shown()
  await open('src/b.ts', wrong)
  await second
  for (let tries = 0; told().length === 0 && tries < 200; tries++) await new Promise(resolve => setTimeout(resolve, 50))
  const [event] = told()
  assert.equal(event.event, 'hintShown')
  assert.match(event.uri, /src\/b\.ts$/)
  assert.ok(!JSON.stringify(event).includes('hush'), 'no code is told')
})

test('a question is answered by the model, in pieces, with places that an editor opens; by a command too', async t => {
  const server = await modelServer(() => ({
    pieces: ['A missing order is thrown as its own error, by name [1].', ' So the caller can tell.'],
  }))
  t.after(() => server.close())
  const model = { kind: 'openai', url: server.url, model: 'small', key: 'env:MODEL_KEY' }
  const { client, start, open, folder, places } = await setUp(t, { config: { model } })
  await allowConfigs({ folder, state: places.state })
  await start()
  const uri = await open('src/mine.ts', 'export function mine() {}\n')
  let heard = ''
  client.onNotification('towpathMentor/chatDelta', ({ text }: { text: string }) => {
    heard += text
  })
  const asked = {
    question: 'What happens where an order is missing?',
    selection: { uri, range: { start: { line: 0, character: 7 }, end: { line: 0, character: 22 } } },
  }
  type Answer = { conversation: string; text: string; citations: { number: number; citation: string; uri: string }[] }
  const answer = await client.sendRequest<Answer>('towpathMentor/chat', asked)
  assert.match(answer.text, /own error, by name \[1\]/)
  assert.equal(heard, answer.text)
  assert.deepEqual(
    answer.citations.map(one => [one.number, one.citation.split('#')[0]]),
    [[1, 'team/orders@cccccccccccc:src/send-order.ts']],
  )
  assert.match(answer.citations[0]?.uri ?? '', /^file:/)
  assert.equal(server.seen[0]?.headers.authorization, 'Bearer k')
  assert.match(server.seen[0]?.messages.at(-1)?.text ?? '', /function mine\(\)/)

  const again = {
    command: 'towpath.mentor.chat',
    arguments: [{ question: 'And then?', conversation: answer.conversation }],
  }
  assert.equal((await client.sendRequest<Answer>('workspace/executeCommand', again)).conversation, answer.conversation)
  assert.equal(server.seen[1]?.messages.length, 3, 'it goes on with what was said')
  await assert.rejects(client.sendRequest('towpathMentor/chat', { question: ' ' }), /There is no question/)
  await assert.rejects(client.sendRequest('towpathMentor/chat', { question: 7 }), /do not fit/)
})

test('an answer that still comes when the editor ends holds no connection', async t => {
  const asked = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const server = await modelServer(() => {
    asked.resolve()
    return { pieces: ['A', 'B'], before: piece => (piece === 0 ? Promise.resolve() : held.promise) }
  })
  const model = { kind: 'openai', url: server.url, model: 'small', key: 'env:MODEL_KEY' }
  const { client, start, folder, places } = await setUp(t, { config: { model } })
  // After the server was told to shut down.
  t.after(async () => {
    const late = new Promise(resolve => setTimeout(resolve, 3_000, 'held').unref())
    const how = await Promise.race([server.seen[0]?.over.then(() => 'over'), late])
    held.resolve()
    await server.close()
    assert.equal(how, 'over')
  })
  await allowConfigs({ folder, state: places.state })
  await start()
  client.sendRequest('towpathMentor/chat', { question: 'What happens?' }).catch(() => undefined)
  await asked.promise
})

test('passages are found by a question, and the index tells how it is', async t => {
  const { client, start } = await setUp(t)
  await start()
  const asked = { question: 'send an order to a shop' }
  const { passages } = await client.sendRequest<{ passages: { name: string; text: string; uri: string }[] }>(
    'towpathMentor/search',
    asked,
  )
  assert.equal(passages[0]?.name, 'sendOrder')
  assert.match(passages[0]?.text ?? '', /shops\.send/)
  const status = await client.sendRequest<{ repositories: unknown[] }>('towpathMentor/status')
  assert.deepEqual(status.repositories, [])
})

test('odd editors: positions that are none, documents that are not open, URIs that are no file', async t => {
  const { client, start, open, at, log } = await setUp(t)
  await start()
  const uri = await open('src/a.ts', 'export const a = 1\n')
  for (const odd of [
    'untitled:Untitled-1',
    'file://other-host/a.ts',
    'file:///a%00b.ts',
    'golden:/nothing',
    '',
    'a b c',
    'git:/x.ts?{}',
  ]) {
    await open(odd.includes(':') ? odd : `x:${odd}`, 'function x() {}')
    assert.equal(await client.sendRequest('textDocument/hover', at(odd, 0, 0)), null)
  }
  const change = (range: unknown, text: unknown = 'x') =>
    client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range, text }],
    })
  await change({ start: { line: -5, character: -1 }, end: { line: 1e9, character: 1e9 } }, 'export const b = 2\n')
  await change({ start: { line: Number.NaN, character: 0 }, end: { line: 0, character: 0 } })
  await change({ start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, 7)
  await client.sendNotification('textDocument/didChange', {
    textDocument: { uri: 'file:///never/opened.ts', version: 2 },
    contentChanges: [{ text: 'x' }],
  })
  for (const [line, character] of [
    [-1, -1],
    [1e9, 0],
    [0, 1e9],
  ] as const) {
    assert.equal(await client.sendRequest('textDocument/hover', at(uri, line, character)), null)
  }
  await assert.rejects(
    client.sendRequest('workspace/executeCommand', { command: 'rm', arguments: [] }),
    /There is no command rm/,
  )
  await assert.rejects(
    client.sendRequest('workspace/executeCommand', {
      command: 'towpath.mentor.why',
      arguments: [{ uri, hint: 'h99' }],
    }),
    /no longer shown/,
  )
  await assert.rejects(
    client.sendRequest('workspace/executeCommand', { command: 'towpath.mentor.mode', arguments: [{ mode: 'loud' }] }),
    /does not fit/,
  )
  assert.ok(log.some(line => line.includes('without proper positions')))
})

test('a request that is cancelled ends, and the next one is answered', async t => {
  const { client, start, open, at } = await setUp(t, {
    capabilities: { textDocument: { diagnostic: {} } },
    config: { hints: { pause: 60_000 } },
  })
  await start()
  const uri = await open('src/a.ts', 'export const a = 1\n')
  await client.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: 'export const a = 2\n' }],
  })
  const stop = new CancellationTokenSource()
  const asked = client.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, stop.token)
  stop.cancel()
  await assert.rejects(asked, { code: -32800 })
  assert.equal(await client.sendRequest('textDocument/hover', at(uri, 0, 0)), null)
})

test('a file too long to be looked at is left alone, and says so', async t => {
  const { client, start, open, log } = await setUp(t, { capabilities: { textDocument: { diagnostic: {} } } })
  await start()
  const uri = await open('src/data.ts', 'export const a = 1\n'.repeat(LIVE_CHARACTERS / 10))
  const report = await client.sendRequest<{ items: unknown[] }>('textDocument/diagnostic', { textDocument: { uri } })
  assert.deepEqual(report.items, [])
  assert.ok(log.some(line => line.includes('too long')))
})
