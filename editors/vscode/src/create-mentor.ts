import { commands, type Disposable, type Uri, window } from 'vscode'
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient'
import { askMentor } from './ask-mentor.ts'
import { createChatView } from './chat-view.ts'
import { clientOptions } from './client-options.ts'
import { createStatus } from './status.ts'

export type Mentor<Client extends BaseLanguageClient = BaseLanguageClient> = {
  readonly client: Client
  readonly parts: readonly Disposable[]
}

const CHAT_VIEW = 'towpathMentor.chatView'

/** Everything of the extension but how the mentor is reached. `connect` makes the client; the caller starts it. */
export function createMentor<Client extends BaseLanguageClient>(
  extension: Uri,
  connect: (options: LanguageClientOptions) => Client,
): Mentor<Client> {
  const showChat = async () => {
    await commands.executeCommand(`${CHAT_VIEW}.focus`)
    view.focus()
  }
  const client = connect(clientOptions(showChat))
  const view = createChatView({
    extension,
    ask: askMentor(client),
    open: ({ uri, range, citation }) => {
      const { asUri, asRange } = client.protocol2CodeConverter
      window
        .showTextDocument(asUri(uri), { selection: asRange(range) })
        .then(undefined, error => window.showErrorMessage(`Cannot open ${citation}: ${error.message}`))
    },
  })
  const parts = [
    client,
    window.registerWebviewViewProvider(CHAT_VIEW, view),
    commands.registerCommand('towpath.mentor.newChat', () => view.conversation.clear()),
    createStatus(client),
  ]
  return { client, parts }
}
