import type { InlineCompletionItem } from 'vscode-languageserver/node'
import { search } from '../search/search.ts'
import { answer } from './answer.ts'
import { continueLine } from './idiom.ts'
import { modeOf, type Session } from './session.ts'

const PASSAGES = 20

/** At the end of a line, as golden code goes on. Nothing while somebody learns; one statement in pairing; a block otherwise. */
export function serveInlineCompletion(session: Session): void {
  const { connection, documents, projects, library, log } = session
  connection.languages.inlineCompletion.on(({ textDocument, position }, token) =>
    answer('Inline completion', { log, token }, async (): Promise<InlineCompletionItem[]> => {
      const document = documents.get(textDocument.uri)
      if (document?.file === undefined || document.language === undefined) return []
      const project = await projects.of(document.file)
      const mode = modeOf(session, project)
      if (mode === 'learning') return []
      const line = document.text.getText({
        start: { ...position, character: 0 },
        end: { line: position.line + 1, character: 0 },
      })
      const before = line.slice(0, position.character)
      if (line.slice(position.character).trim() !== '' || before.length > 300) return []
      const { golden } = project.loaded.config
      const passages = search(library.index, before, { golden, limit: PASSAGES, languages: [document.language] })
      const rest = continueLine(before, passages, { whole: mode === 'off' })
      return rest === undefined ? [] : [{ insertText: rest, range: { start: position, end: position } }]
    }),
  )
}
