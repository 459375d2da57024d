import type { Connection, TextDocumentContentChangeEvent } from 'vscode-languageserver/node'
import type { Log } from '../../kernel/index.ts'
import { LIVE_CHARACTERS, type OpenDocument, openDocument } from './open-document.ts'

export type Documents = {
  get(uri: string): OpenDocument | undefined
  all(): readonly OpenDocument[]
}

type Told = {
  opened(document: OpenDocument): void
  changed(document: OpenDocument): void
  saved(document: OpenDocument): void
  closed(document: OpenDocument): void
}

/** What the editor has open. What it tells of others, or says wrongly, is left out. */
export function trackDocuments(connection: Connection, log: Log, told: Told): Documents {
  const open = new Map<string, OpenDocument>()

  connection.onDidOpenTextDocument(({ textDocument }) => {
    open.get(textDocument.uri)?.close()
    const document = openDocument(textDocument)
    open.set(textDocument.uri, document)
    if (document.language !== undefined && textDocument.text.length > LIVE_CHARACTERS) {
      log.info({ uri: textDocument.uri }, `Left alone: it is too long for hints, over ${LIVE_CHARACTERS} characters`)
    }
    told.opened(document)
  })
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    const document = open.get(textDocument.uri)
    if (document === undefined) return
    if (!contentChanges.every(isWell)) {
      log.warn(
        { uri: textDocument.uri },
        'A change without proper positions was left out: close the file and open it again',
      )
      return
    }
    document.change(contentChanges, textDocument.version)
    told.changed(document)
  })
  connection.onDidSaveTextDocument(({ textDocument }) => {
    const document = open.get(textDocument.uri)
    if (document) told.saved(document)
  })
  connection.onDidCloseTextDocument(({ textDocument }) => {
    const document = open.get(textDocument.uri)
    if (document === undefined) return
    open.delete(textDocument.uri)
    document.close()
    told.closed(document)
  })
  return { get: uri => open.get(uri), all: () => [...open.values()] }
}

function isWell(change: TextDocumentContentChangeEvent): boolean {
  if (typeof change.text !== 'string') return false
  if (!('range' in change)) return true
  const { start, end } = change.range
  return [start.line, start.character, end.line, end.character].every(Number.isInteger)
}
