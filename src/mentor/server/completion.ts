import { type CompletionItem, CompletionItemKind, type CompletionList, MarkupKind } from 'vscode-languageserver/node'
import { z } from 'zod'
import { formatCitation } from '../citations/format-citation.ts'
import type { Language } from '../parse/language.ts'
import { languageOf } from '../parse/language.ts'
import { symbols } from '../search/symbols.ts'
import { answer } from './answer.ts'
import type { Session } from './session.ts'
import { fenced } from './whole-hint.ts'

const MOST_ITEMS = 20
/** A single letter means everything. */
const SHORTEST_WORD = 3
const KINDS = {
  function: CompletionItemKind.Function,
  method: CompletionItemKind.Method,
  class: CompletionItemKind.Class,
  type: CompletionItemKind.Interface,
} as const
const SCRIPT: readonly (Language | undefined)[] = ['typescript', 'tsx', 'javascript']

const placeShape = z.object({
  repository: z.string(),
  commit: z.string(),
  path: z.string(),
  startLine: z.int().min(1),
  endLine: z.int().min(1),
})

/** Names that the golden repositories have for what is being written, each with its place. Only the name is put in. */
export function serveCompletion(session: Session): void {
  const { connection, documents, projects, library, golden, client, log } = session
  connection.onCompletion(({ textDocument, position }, token) =>
    answer('Completion', { log, token }, async (): Promise<CompletionList> => {
      const document = documents.get(textDocument.uri)
      const before = document?.text.getText({ start: { line: position.line, character: 0 }, end: position }) ?? ''
      const word = /[\p{L}\p{N}_$]*$/u.exec(before.slice(-200))?.[0] ?? ''
      if (document?.file === undefined || document.language === undefined || word.length < SHORTEST_WORD) {
        return { isIncomplete: true, items: [] }
      }
      const { config } = (await projects.of(document.file)).loaded
      const start = { line: position.line, character: position.character - word.length }
      const found = symbols(library.index, word, { golden: config.golden, limit: 5 * MOST_ITEMS }).filter(
        ({ name, path }) =>
          name.toLowerCase().startsWith(word.toLowerCase()) && sameLanguage(languageOf(path), document.language),
      )
      const items = [...Map.groupBy(found, ({ name }) => name).values()]
        .flatMap(([first]) => first ?? [])
        .slice(0, MOST_ITEMS)
      return { isIncomplete: true, items: items.map(one => itemOf(one, { start, end: position })) }
    }),
  )
  connection.onCompletionResolve((item, token) =>
    answer('Completion', { log, token }, async (): Promise<CompletionItem> => {
      const place = placeShape.safeParse(item.data)
      const text = place.success ? await golden.passage(place.data) : undefined
      if (!place.success || text === undefined) return item
      const kind = client.markdown ? MarkupKind.Markdown : MarkupKind.PlainText
      const value = [formatCitation(place.data), fenced(text, languageOf(place.data.path) ?? '')].join('\n\n')
      return { ...item, documentation: { kind, value } }
    }),
  )
}

type Symbols = ReturnType<typeof symbols>[number]

function itemOf(
  { name, kind, nameLine, ...unit }: Symbols,
  range: { start: { line: number; character: number }; end: { line: number; character: number } },
): CompletionItem {
  const { repository, commit, path, startLine, endLine } = unit
  return {
    label: name,
    kind: KINDS[kind],
    detail: `${repository}: ${path}:${nameLine}`,
    // Behind what the language's own server knows to be in scope.
    sortText: `~${name}`,
    textEdit: { range, newText: name },
    data: { repository, commit, path, startLine, endLine },
  }
}

function sameLanguage(theirs: Language | undefined, mine: Language | undefined): boolean {
  return theirs === mine || (SCRIPT.includes(theirs) && SCRIPT.includes(mine))
}
