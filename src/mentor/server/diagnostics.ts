import { basename } from 'node:path'
import {
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from 'vscode-languageserver/node'
import { answer } from './answer.ts'
import type { LiveHints } from './live-hints.ts'
import type { OpenDocument } from './open-document.ts'
import { realPath } from './real-path.ts'
import type { Session } from './session.ts'
import { hintDiagnostic, problemDiagnostic } from './to-diagnostic.ts'

export type Diagnostics = {
  /** Something of the document has changed, or of what its diagnostics rest on. */
  refresh(document: OpenDocument): void
  refreshAll(): void
  forget(document: OpenDocument): void
  /** Says nothing more. */
  stop(): void
}

/** Sent to editors that don't ask, and given to those that do; never both, or everything would show twice. */
export function serveDiagnostics(session: Session, hints: LiveHints): Diagnostics {
  return session.client.pulls ? givePulled(session, hints) : push(session, hints)
}

function push(session: Session, hints: LiveHints): Diagnostics {
  const { connection, documents, log } = session
  const pending = new Map<OpenDocument, AbortController>()

  async function publish(document: OpenDocument, signal: AbortSignal): Promise<void> {
    const diagnostics = await diagnosticsOf(document, session, hints, signal)
    // No version with it: Neovim dropped what came a keystroke late, and kept the old marks.
    if (!signal.aborted) await connection.sendDiagnostics({ uri: document.uri, diagnostics })
  }

  const refresh = (document: OpenDocument) => {
    pending.get(document)?.abort()
    const stop = new AbortController()
    pending.set(document, stop)
    publish(document, stop.signal)
      .catch(error => {
        if (!stop.signal.aborted) log.error({ err: error, uri: document.uri }, 'Could not look at a document')
      })
      .finally(() => {
        if (pending.get(document) === stop) pending.delete(document)
      })
  }

  return {
    refresh,
    refreshAll: () => documents.all().forEach(refresh),
    forget(document) {
      pending.get(document)?.abort()
      pending.delete(document)
      // Some editors show what they have of a closed file until they are told otherwise.
      void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] })
    },
    stop() {
      for (const one of pending.values()) one.abort()
    },
  }
}

function givePulled(session: Session, hints: LiveHints): Diagnostics {
  const { connection, client, documents, log } = session
  const given = new WeakMap<OpenDocument, { id: string; said: string }>()
  let ids = 0

  connection.languages.diagnostics.on(({ textDocument, previousResultId }, token) =>
    answer('Diagnostics', { log, token }, async (signal): Promise<DocumentDiagnosticReport> => {
      const document = documents.get(textDocument.uri)
      if (document === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] }
      const items = await diagnosticsOf(document, session, hints, signal)
      signal.throwIfAborted()
      const said = JSON.stringify(items)
      const before = given.get(document)
      if (before && before.said === said && before.id === previousResultId) {
        return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: before.id }
      }
      const resultId = String(++ids)
      given.set(document, { id: resultId, said })
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items }
    }),
  )

  const ask = () => {
    if (client.refreshesDiagnostics) void connection.languages.diagnostics.refresh()
  }
  return { refresh: () => undefined, refreshAll: ask, forget: () => undefined, stop: () => undefined }
}

async function diagnosticsOf(
  document: OpenDocument,
  session: Session,
  hints: LiveHints,
  signal: AbortSignal,
): Promise<Diagnostic[]> {
  if (isConfig(document)) return configDiagnostics(document, session)
  const said = await hints.of(document, signal)
  const shown = await Promise.all(said.map(hint => hintDiagnostic(hint, document, session)))
  return shown.filter(one => one !== undefined)
}

/** Whether it is one of the files that tell the mentor what to do. */
export function isConfig({ file }: OpenDocument): boolean {
  return file !== undefined && ['archangel.json', 'archAngel.json'].includes(basename(file))
}

async function configDiagnostics({ file }: OpenDocument, { projects }: Session): Promise<Diagnostic[]> {
  if (file === undefined) return []
  const { loaded } = await projects.of(file)
  const real = await realPath(file)
  return loaded.problems.filter(problem => problem.file === real).map(problemDiagnostic)
}
