import { CodeActionKind, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver/node'
import type { Client } from './client.ts'
import { PREFIX } from './commands.ts'
import { GOLDEN_SCHEME } from './golden-uri.ts'
import { SOURCE } from './to-diagnostic.ts'

/** What the server offers to this editor: nothing that it would then not do. */
export function capabilitiesFor(client: Client, commands: readonly string[]): ServerCapabilities {
  return {
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    ...(client.pulls
      ? { diagnosticProvider: { identifier: SOURCE, interFileDependencies: false, workspaceDiagnostics: false } }
      : {}),
    hoverProvider: true,
    codeLensProvider: { resolveProvider: true },
    completionProvider: { resolveProvider: true },
    ...(client.inlineCompletion ? { inlineCompletionProvider: true } : {}),
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
    executeCommandProvider: { commands: commands.map(name => PREFIX + name), workDoneProgress: true },
    workspace: {
      workspaceFolders: { supported: true, changeNotifications: true },
      ...(client.virtualDocuments ? { textDocumentContent: { schemes: [GOLDEN_SCHEME] } } : {}),
    },
  }
}
