import { Uri, type Webview, type WebviewView, type WebviewViewProvider } from 'vscode'
import { readFromPage, type ToPage } from '../page/messages.ts'
import { chatHtml } from './chat-html.ts'
import { type Ask, type Conversation, createConversation } from './conversation.ts'
import type { ChatCitation } from './protocol.ts'

type Options = { readonly extension: Uri; readonly ask: Ask; open(citation: ChatCitation): void }
export type ChatView = WebviewViewProvider & { readonly conversation: Conversation; focus(): void }

/** The conversation outlives its page: a view that was hidden is made anew and gets all turns. */
export function createChatView({ extension, ask, open }: Options): ChatView {
  let shown: Webview | undefined
  const say = (message: ToPage) => void shown?.postMessage(message)
  const conversation = createConversation(ask, index => {
    const turn = index === undefined ? undefined : conversation.turns[index]
    if (index === undefined || turn === undefined) say({ type: 'turns', turns: conversation.turns })
    else say({ type: 'turn', index, turn })
  })

  const hear = (message: unknown) => {
    const heard = readFromPage(message)
    if (heard?.type === 'ready') say({ type: 'turns', turns: conversation.turns })
    else if (heard?.type === 'ask') void conversation.ask(heard.question)
    else if (heard?.type === 'stop') conversation.stop()
    else if (heard?.type === 'open') {
      const citation = conversation.citation(heard.index, heard.number)
      if (citation !== undefined) open(citation)
    }
  }

  return {
    conversation,
    focus: () => say({ type: 'focus' }),
    resolveWebviewView(view: WebviewView) {
      const files = Uri.joinPath(extension, 'dist')
      const { webview } = view
      webview.options = { enableScripts: true, localResourceRoots: [files] }
      const address = (name: string) => webview.asWebviewUri(Uri.joinPath(files, name)).toString()
      webview.onDidReceiveMessage(hear)
      shown = webview
      view.onDidDispose(() => {
        if (shown === webview) shown = undefined
      })
      webview.html = chatHtml({
        script: address('chat.js'),
        style: address('chat.css'),
        source: webview.cspSource,
        nonce: crypto.randomUUID(),
      })
    },
  }
}
