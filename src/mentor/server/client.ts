import type { InitializeParams } from 'vscode-languageserver/node'

/** What the editor at the other end can do, as it said when it started. */
export type Client = {
  /** It asks for diagnostics. Then none are sent unasked, or they would show twice. */
  readonly pulls: boolean
  readonly refreshesDiagnostics: boolean
  readonly related: boolean
  readonly codeDescription: boolean
  readonly markdown: boolean
  /** It asks the server for the text of `golden:` documents; else they are files. */
  readonly virtualDocuments: boolean
  readonly showsDocuments: boolean
  readonly progress: boolean
  readonly watchesFiles: boolean
  readonly folderEvents: boolean
  /** It asks the user before it makes an edit that says so. */
  readonly confirmsEdits: boolean
  readonly inlineCompletion: boolean
}

export function clientOf({ capabilities }: InitializeParams): Client {
  const { textDocument, workspace, window } = capabilities
  const edits = workspace?.workspaceEdit
  return {
    pulls: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    related:
      textDocument?.publishDiagnostics?.relatedInformation === true ||
      textDocument?.diagnostic?.relatedInformation === true,
    codeDescription:
      textDocument?.publishDiagnostics?.codeDescriptionSupport === true ||
      textDocument?.diagnostic?.codeDescriptionSupport === true,
    markdown: textDocument?.hover?.contentFormat?.includes('markdown') === true,
    virtualDocuments: workspace?.textDocumentContent !== undefined,
    showsDocuments: window?.showDocument?.support === true,
    progress: window?.workDoneProgress === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    folderEvents: workspace?.workspaceFolders === true,
    confirmsEdits: edits?.changeAnnotationSupport !== undefined && edits.documentChanges === true,
    inlineCompletion: textDocument?.inlineCompletion !== undefined,
  }
}
