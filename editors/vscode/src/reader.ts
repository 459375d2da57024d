import { type Disposable, EventEmitter, Uri, window, workspace } from 'vscode'

const SCHEME = 'towpath-mentor'

/** Shows what the mentor says at length: Markdown that can be read, searched and copied, and not changed. */
export type Reader = Disposable & { show(name: string, text: string): Promise<void> }

export function createReader(): Reader {
  const texts = new Map<string, string>()
  const changed = new EventEmitter<Uri>()
  const provider = workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => texts.get(path) ?? '',
  })
  return {
    async show(name, text) {
      const uri = Uri.from({ scheme: SCHEME, path: `/${name}.md` })
      texts.set(uri.path, text)
      changed.fire(uri)
      await window.showTextDocument(uri, { preview: false })
    },
    dispose() {
      provider.dispose()
      changed.dispose()
    },
  }
}
