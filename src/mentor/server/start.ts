import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import {
  type Connection,
  createConnection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentContentRequest,
} from 'vscode-languageserver/node'
import type { Clock, Log } from '../../kernel/index.ts'
import { openLearner } from '../hints/learner.ts'
import { createParser } from '../parse/parser.ts'
import { answer } from './answer.ts'
import { commandsOf, serveAsks } from './ask.ts'
import { capabilitiesFor } from './capabilities.ts'
import { chatAsks } from './chat-ask.ts'
import { clientOf } from './client.ts'
import { serveCodeActions } from './code-actions.ts'
import { lensCommands, serveCodeLens } from './code-lens.ts'
import { type Commands, serveCommands } from './commands.ts'
import { serveCompletion } from './completion.ts'
import { isConfig, serveDiagnostics } from './diagnostics.ts'
import { documentAsks, documentCommands } from './document-asks.ts'
import { trackDocuments } from './documents.ts'
import { createEvents } from './events.ts'
import { fileOf } from './file-of.ts'
import { createGoldenDocuments } from './golden-documents.ts'
import { createHandlers } from './handlers.ts'
import { hintCommands } from './hint-commands.ts'
import { serveHover } from './hover.ts'
import { indexCommands } from './index-commands.ts'
import { serveInlineCompletion } from './inline-completion.ts'
import type { Library } from './library.ts'
import { createLiveHints } from './live-hints.ts'
import { modeCommands } from './mode-command.ts'
import { muteCommands } from './mute-command.ts'
import { createProjects } from './projects.ts'
import { realPath } from './real-path.ts'
import { recordSaved } from './record-saved.ts'
import { reviewAsks, reviewCommands } from './review-ask.ts'
import { sayWhatIsMissing } from './say-what-is-missing.ts'
import { searchAsks, statusAsks } from './search-asks.ts'
import type { Session } from './session.ts'
import { statusCommands } from './status-command.ts'

export type ServerOptions = {
  input: Readable
  output: Writable
  version: string
  clock: Clock
  log: Log
  /** Of `placesOf`. */
  places: { cache: string; state: string }
  library: Library
  /** Holds the keys that `model` refers to. */
  env: Readonly<Record<string, string | undefined>>
}

const CONFIG_REST_MS = 500

/** Speaks the language server protocol until the editor says `exit` or goes away; then the process ends. */
export function startServer(options: ServerOptions): void {
  const connection = createConnection(options.input, options.output)
  connection.onInitialize(params => initialize(connection, params, options))
  connection.listen()
}

async function initialize(
  connection: Connection,
  params: InitializeParams,
  options: ServerOptions,
): Promise<InitializeResult> {
  const { clock, log, library, places, version, env } = options
  const client = clientOf(params)
  mkdirSync(places.state, { recursive: true, mode: 0o700 })
  const handlers = createHandlers({ clock, log })
  let folders = foldersOf(params)
  let typed = new AbortController()

  const documents = trackDocuments(connection, log, {
    opened: document => (isConfig(document) ? configChanged() : diagnostics.refresh(document)),
    changed(document) {
      hints.touched(document)
      if (isConfig(document)) configTyped()
      diagnostics.refresh(document)
    },
    saved(document) {
      // A new file, another branch, what the user allowed: not every editor tells of them.
      session.projects.forget()
      recordSaved(session, document).then(
        turned => turned && changed(),
        error => log.error({ err: error }, 'What was saved could not be counted'),
      )
    },
    closed(document) {
      diagnostics.forget(document)
      if (isConfig(document)) configChanged()
    },
  })
  const unsaved = async () => {
    const open = documents.all().filter(isConfig)
    const texts = open.map(async ({ file = '', text }) => [await realPath(file), text.getText()] as const)
    return new Map(await Promise.all(texts))
  }

  const session: Session = {
    connection,
    client,
    clock,
    log,
    parser: await createParser(),
    learner: openLearner({ dir: places.state, clock }),
    library,
    documents,
    projects: createProjects({ clock, state: places.state, library, folders: () => folders, unsaved }),
    golden: createGoldenDocuments({
      reader: library.reader,
      dir: join(places.cache, 'golden'),
      virtual: client.virtualDocuments,
    }),
    events: createEvents(connection, handlers),
  }
  const hints = createLiveHints(session)
  const diagnostics = serveDiagnostics(session, hints)

  /** What hints rest on is another now. */
  function changed(): void {
    hints.forget()
    diagnostics.refreshAll()
  }
  function configChanged(): void {
    session.projects.forget()
    changed()
  }
  /** It counts at once; what rests on it, in all that is open, is looked at after a rest. */
  function configTyped(): void {
    session.projects.forget()
    typed.abort()
    typed = new AbortController()
    clock.sleep(CONFIG_REST_MS, typed.signal).then(changed, () => undefined)
  }

  const making = { ...places, env }
  const ended = new AbortController()
  const asks = {
    ...chatAsks(env, ended.signal),
    ...searchAsks(env, ended.signal),
    ...statusAsks,
    ...documentAsks(making),
    ...reviewAsks(making),
  }
  serveAsks(session, asks)
  const commands: Commands = {
    ...commandsOf(asks),
    ...statusCommands,
    ...documentCommands(making),
    ...reviewCommands(making),
    ...hintCommands,
    ...lensCommands,
    ...muteCommands(changed),
    ...modeCommands(changed),
    ...indexCommands(changed),
  }
  serveCommands(session, commands)
  serveCodeActions(session)
  serveHover(session)
  serveCodeLens(session)
  serveCompletion(session)
  if (client.inlineCompletion) serveInlineCompletion(session)
  connection.onRequest(TextDocumentContentRequest.type, ({ uri }, token) =>
    answer(`Reading ${uri.slice(0, 200)}`, { log, token }, async () => ({ text: await session.golden.text(uri) })),
  )
  connection.onDidChangeWatchedFiles(configChanged)
  connection.onInitialized(() => {
    if (client.watchesFiles) {
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: '**/arch{a,A}ngel.json' }],
      })
    }
    if (client.folderEvents) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => fileOf(uri)))
        folders = [...folders.filter(folder => !gone.has(folder)), ...added.flatMap(({ uri }) => fileOf(uri) ?? [])]
      })
    }
    sayWhatIsMissing(session).catch(error =>
      log.error({ err: error }, 'The golden repositories could not be looked at'),
    )
  })
  connection.onShutdown(() => {
    typed.abort()
    ended.abort()
    diagnostics.stop()
    handlers.close()
    session.projects.close()
    session.learner.close()
    library.close()
  })
  return {
    serverInfo: { name: 'towpath-mentor', version },
    capabilities: capabilitiesFor(client, Object.keys(commands)),
  }
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri])
  return uris.flatMap(uri => fileOf(uri) ?? [])
}
