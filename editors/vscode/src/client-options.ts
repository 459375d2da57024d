import type { LanguageClientOptions } from 'vscode-languageclient'
import { asked } from './asked.ts'

const LANGUAGES = [
  ...['typescript', 'typescriptreact', 'javascript', 'javascriptreact'],
  ...['python', 'go', 'csharp', 'java'],
]

/** Commands whose answer is a text to read, each with the name that it is shown under. */
const READ: Readonly<Record<string, string>> = {
  'towpath.mentor.status': 'Mentor Status',
  'towpath.mentor.review': 'Review of My Changes',
  'towpath.mentor.codeStyle': 'Code Style',
  'towpath.mentor.wiki': 'Wiki',
}

type Shows = {
  /** The chat's view. */
  chat(): void
  read(name: string, text: string): Promise<void>
}

/**
 * What the mentor looks at: files of its languages and its own settings, and no document of another scheme. Its commands
 * are registered by the client as it names them; some need a word of the user before, and some are read after.
 */
export function clientOptions({ chat, read }: Shows): LanguageClientOptions {
  return {
    documentSelector: [
      ...LANGUAGES.map(language => ({ scheme: 'file', language })),
      { scheme: 'file', pattern: '**/{archangel,archAngel}.json' },
    ],
    middleware: {
      async executeCommand(command, args, next) {
        if (command === 'towpath.mentor.chat') return chat()
        const words = await asked(command, args)
        if (words === undefined) return undefined
        const answer: unknown = await next(command, words)
        const name = READ[command]
        if (name !== undefined && isText(answer)) await read(name, answer.text)
        return answer
      },
    },
  }
}

function isText(answer: unknown): answer is { text: string } {
  return typeof answer === 'object' && answer !== null && 'text' in answer && typeof answer.text === 'string'
}
