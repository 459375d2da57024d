import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  ApplyWorkspaceEditRequest,
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExecuteCommandRequest,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShowDocumentRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceEdit,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'

type Told = { method: string; params: unknown }

/** An editor without a screen: the protocol's own client, over the pipes of a real process. */
export type Editor = {
  readonly connection: ProtocolConnection
  readonly server: ChildProcess
  readonly initialized: InitializeResult
  /** What the server said unasked, oldest first: notifications and requests. */
  readonly told: readonly Told[]
  /** What the server wrote to standard error. */
  log(): string
  open(file: string, text: string): Promise<string>
  /** Makes `put` of the first `find`, as one incremental change of what differs. */
  type(uri: string, find: string, put: string): Promise<void>
  text(uri: string): string
  save(uri: string): Promise<void>
  close(uri: string): Promise<void>
  /** Waits until the diagnostics of the document are as wanted, pushed or pulled as was agreed. */
  diagnostics(uri: string, wanted: (all: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]>
  /** Waits for something that the server says unasked; what it said already counts. */
  heard(method: string, wanted?: (params: never) => boolean): Promise<never>
  /** The same, of what comes after so many. */
  heardAfter(method: string, count: number): Promise<unknown>
  command<T = unknown>(name: string, argument?: object): Promise<T>
  /** What the user does with an edit that the server proposes; by default it is applied. */
  onEdit(decide: (edit: WorkspaceEdit) => boolean): void
  stop(): Promise<number | null>
}

export type EditorOptions = {
  /** The program that serves, and its arguments. */
  program: readonly string[]
  folder: string
  capabilities?: ClientCapabilities
  env?: Readonly<Record<string, string>>
}

const PATIENCE_MS = 30_000

export async function startEditor(
  t: Pick<TestContext, 'after'>,
  { program, folder, capabilities = {}, env = {} }: EditorOptions,
): Promise<Editor> {
  const server = spawn(process.execPath, [...program], { cwd: folder, env: { ...process.env, ...env }, stdio: 'pipe' })
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  )
  const documents = new Map<string, TextDocument>()
  const pushed = new Map<string, readonly Diagnostic[]>()
  const told: Told[] = []
  let waiting: (() => void)[] = []
  let log = ''
  let decide = (_edit: WorkspaceEdit) => true
  // A server that was killed has nobody to write to.
  server.stdin.on('error', () => undefined)
  server.stderr.setEncoding('utf8').on('data', text => {
    log += text
  })

  const happened = (method: string, params: unknown) => {
    told.push({ method, params })
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }
  const until = async <T>(what: string, look: () => T | undefined): Promise<T> => {
    const deadline = AbortSignal.timeout(PATIENCE_MS)
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve)
        deadline.addEventListener('abort', () => reject(new Error(`waited for ${what}\n${log}`)), { once: true })
      })
    }
  }

  connection.onNotification(PublishDiagnosticsNotification.type, params => {
    pushed.set(params.uri, params.diagnostics)
    happened('textDocument/publishDiagnostics', params)
  })
  connection.onUnhandledNotification(({ method, params }) => happened(method, params))
  connection.onRequest(RegistrationRequest.type, params => happened('client/registerCapability', params))
  connection.onRequest(ShowDocumentRequest.type, params => {
    happened('window/showDocument', params)
    return { success: true }
  })
  connection.onRequest('workspace/diagnostic/refresh', () => happened('workspace/diagnostic/refresh', null))
  connection.onRequest('workspace/codeLens/refresh', () => happened('workspace/codeLens/refresh', null))
  connection.onRequest('window/workDoneProgress/create', params => happened('window/workDoneProgress/create', params))
  connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
    happened('workspace/applyEdit', edit)
    return decide(edit) ? { applied: true } : { applied: false, failureReason: 'the user said no' }
  })
  connection.listen()

  const initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'work' }],
    capabilities,
  })
  await connection.sendNotification('initialized', {})

  const document = (uri: string) => {
    const found = documents.get(uri)
    if (found === undefined) throw new Error(`${uri} is not open`)
    return found
  }
  const pull = async (uri: string) => {
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } })
    return report.kind === 'full' ? report.items : []
  }

  const editor: Editor = {
    connection,
    server,
    initialized,
    told,
    log: () => log,
    async open(file, text) {
      const uri = file.includes(':') ? file : pathToFileURL(file).href
      documents.set(uri, TextDocument.create(uri, 'x', 1, text))
      await connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'x', version: 1, text },
      })
      return uri
    },
    async type(uri, find, put) {
      const text = document(uri)
      const at = text.getText().indexOf(find)
      if (at === -1) throw new Error(`${uri} does not say ${find}`)
      const same = sameStart(find, put)
      const range = { start: text.positionAt(at + same), end: text.positionAt(at + find.length) }
      const change = { range, text: put.slice(same) }
      const version = text.version + 1
      TextDocument.update(text, [change], version)
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [change],
      })
    },
    text: uri => document(uri).getText(),
    save: uri => connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } }),
    async close(uri) {
      documents.delete(uri)
      await connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } })
    },
    async diagnostics(uri, wanted) {
      if (initialized.capabilities.diagnosticProvider === undefined) {
        return until(`diagnostics of ${uri}: ${JSON.stringify(pushed.get(uri))}`, () => {
          const all = pushed.get(uri)
          return all && wanted(all) ? all : undefined
        })
      }
      for (const deadline = AbortSignal.timeout(PATIENCE_MS); ; deadline.throwIfAborted()) {
        const all = await pull(uri)
        if (wanted(all)) return all
      }
    },
    heard: (method, wanted = () => true) =>
      until(method, () => told.find(one => one.method === method && wanted(one.params as never))?.params as never),
    heardAfter: (method, count) => until(method, () => told.slice(count).find(one => one.method === method)),
    command: (name, argument) =>
      connection.sendRequest(ExecuteCommandRequest.type, {
        command: `towpath.mentor.${name}`,
        arguments: argument ? [argument] : [],
      }),
    onEdit(decision) {
      decide = decision
    },
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return server.exitCode
      const ended = once(server, 'exit')
      await connection.sendRequest('shutdown')
      await connection.sendNotification('exit')
      const [code] = await ended
      return code
    },
  }
  t.after(async () => {
    server.kill('SIGKILL')
    connection.dispose()
  })
  return editor
}

function sameStart(a: string, b: string): number {
  const differ = [...a].findIndex((letter, i) => letter !== b[i])
  return differ === -1 ? Math.min(a.length, b.length) : differ
}
