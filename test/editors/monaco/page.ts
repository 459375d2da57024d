// VS Code's workbench with the mentor's extension in it, as a page. The test beside it gives the files of the project and
// carries what extension and mentor say to each other; a person's hands are the browser's.
import { initialize } from '@codingame/monaco-vscode-api'
import { ExtensionHostKind, registerExtension } from '@codingame/monaco-vscode-api/extensions'
import getConfiguration from '@codingame/monaco-vscode-configuration-service-override'
import getDialogs from '@codingame/monaco-vscode-dialogs-service-override'
import getExtensions from '@codingame/monaco-vscode-extensions-service-override'
import {
  RegisteredFileSystemProvider,
  RegisteredMemoryFile,
  registerFileSystemOverlay,
} from '@codingame/monaco-vscode-files-service-override'
import getKeybindings from '@codingame/monaco-vscode-keybindings-service-override'
import getLanguages from '@codingame/monaco-vscode-languages-service-override'
import getModel from '@codingame/monaco-vscode-model-service-override'
import getNotifications from '@codingame/monaco-vscode-notifications-service-override'
import getQuickAccess from '@codingame/monaco-vscode-quickaccess-service-override'
import getStatusBar from '@codingame/monaco-vscode-view-status-bar-service-override'
import getViews, { attachPart, Parts } from '@codingame/monaco-vscode-views-service-override'
import '@codingame/monaco-vscode-extension-api/localExtensionHost'
import * as vscode from 'vscode'
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  BaseLanguageClient,
  type DataCallback,
  type Message,
  type MessageTransports,
} from 'vscode-languageclient/browser'
import manifest from '../../../editors/vscode/package.json' with { type: 'json' }
import { createMentor } from '../../../editors/vscode/src/create-mentor.ts'

/** What the test puts in before the page begins, and what it calls. */
type Given = {
  project: string
  files: Record<string, string>
  toMentor(message: Message): Promise<void>
  fromMentor?: DataCallback
  addFile?(path: string, text: string): void
  vscode?: typeof vscode
}
const given = globalThis as unknown as Given

class Reader extends AbstractMessageReader {
  override listen(hear: DataCallback) {
    given.fromMentor = hear
    return { dispose: () => undefined }
  }
}

class Writer extends AbstractMessageWriter {
  async write(message: Message): Promise<void> {
    await given.toMentor(message)
  }
  end(): void {}
}

/** The client of the extension, but for how its messages travel: a page can't start a program. */
class Client extends BaseLanguageClient {
  override async createMessageTransports(): Promise<MessageTransports> {
    return { reader: new Reader(), writer: new Writer() }
  }
}

const EXTENSION = vscode.Uri.file('/extension')
const HEIGHTS = { EDITOR: 380, PANEL: 0, SIDEBAR: 360, STATUSBAR: 22 }

const files = new RegisteredFileSystemProvider(false)
given.addFile = (path, text) => void files.registerFile(new RegisteredMemoryFile(vscode.Uri.file(path), text))
for (const [path, text] of Object.entries(given.files)) given.addFile(path, text)
registerFileSystemOverlay(1, files)

await initialize(
  {
    ...getExtensions(),
    ...getModel(),
    ...getConfiguration(),
    ...getKeybindings(),
    ...getLanguages(),
    ...getDialogs(),
    ...getNotifications(),
    ...getQuickAccess({ isKeybindingConfigurationVisible: () => false, shouldUseGlobalPicker: () => true }),
    ...getViews(),
    ...getStatusBar(),
  },
  document.body,
  {
    workspaceProvider: {
      trusted: true,
      workspace: { folderUri: vscode.Uri.file(given.project) },
      open: async () => false,
    },
  },
)
for (const [part, height] of Object.entries(HEIGHTS)) {
  const place = document.createElement('div')
  place.style.height = `${height}px`
  document.body.append(place)
  attachPart(Parts[`${part as keyof typeof HEIGHTS}_PART`], place)
}

// Names of languages come with extensions of VS Code that are not here.
registerExtension(
  {
    name: 'languages',
    publisher: 'test',
    version: '1.0.0',
    engines: { vscode: '*' },
    contributes: { languages: [{ id: 'typescript', extensions: ['.ts'] }] },
  },
  ExtensionHostKind.LocalProcess,
)
const { setAsDefaultApi } = registerExtension(
  manifest as Parameters<typeof registerExtension>[0],
  ExtensionHostKind.LocalProcess,
)
await setAsDefaultApi()
const { client } = createMentor(EXTENSION, options => new Client('towpath.mentor', 'Towpath Mentor', options))
await client.start()
given.vscode = vscode
