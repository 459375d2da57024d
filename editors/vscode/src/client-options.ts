import type { LanguageClientOptions } from 'vscode-languageclient'
import { asked } from './asked.ts'

const LANGUAGES = [
  ...['typescript', 'typescriptreact', 'javascript', 'javascriptreact'],
  ...['python', 'go', 'csharp', 'java'],
]

/**
 * What the mentor looks at: files of its languages and its own settings, and no document of another scheme. Its commands
 * are registered by the client as it names them; some need a word of the user before. `chat` shows the chat's view.
 */
export function clientOptions(chat: () => void): LanguageClientOptions {
  return {
    documentSelector: [
      ...LANGUAGES.map(language => ({ scheme: 'file', language })),
      { scheme: 'file', pattern: '**/{archangel,archAngel}.json' },
    ],
    middleware: {
      async executeCommand(command, args, next) {
        if (command === 'towpath.mentor.chat') return chat()
        const words = await asked(command, args)
        return words && next(command, words)
      },
    },
  }
}
