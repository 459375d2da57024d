import { type Hover, MarkupKind, type Position } from 'vscode-languageserver/node'
import { answer } from './answer.ts'
import { glanceAt, nearestTo, unitNamedAt } from './glance.ts'
import type { OpenDocument } from './open-document.ts'
import type { Session } from './session.ts'
import { passageText, whyText } from './whole-hint.ts'

type Shown = { value: string; from: number; to: number }

/** Over a hint: why, and the golden passage. Over the name of a function or type: what in the golden repositories is nearest. */
export function serveHover(session: Session): void {
  const { connection, documents, client, log } = session
  const kind = client.markdown ? MarkupKind.Markdown : MarkupKind.PlainText
  connection.onHover(({ textDocument, position }, token) =>
    answer('Hover', { log, token }, async (): Promise<Hover | null> => {
      const document = documents.get(textDocument.uri)
      if (document === undefined) return null
      const turn = document.turn()
      const shown = (await overHint(session, document, position)) ?? (await overName(session, document, position))
      if (shown === undefined || document.turn() !== turn) return null
      const range = { start: document.text.positionAt(shown.from), end: document.text.positionAt(shown.to) }
      return { range, contents: { kind, value: shown.value } }
    }),
  )
}

async function overHint(
  { golden }: Session,
  { shown, text }: OpenDocument,
  position: Position,
): Promise<Shown | undefined> {
  const at = text.offsetAt(position)
  const hint = shown.find(({ startIndex, endIndex }) => startIndex <= at && at <= endIndex)
  if (hint === undefined) return undefined
  const example = await golden.example(hint.citation)
  const parts = [hint.words.nudge, whyText(hint)]
  if (example !== undefined) parts.push(passageText(example.place, example.text, hint.norm.language))
  return { value: parts.join('\n\n'), from: hint.startIndex, to: hint.endIndex }
}

async function overName(session: Session, document: OpenDocument, { line }: Position): Promise<Shown | undefined> {
  const glance = await glanceAt(session, document)
  const unit = glance && unitNamedAt(glance, line + 1)
  const at = document.text.offsetAt({ line, character: 0 })
  const word = unit && glance.parsed.text.indexOf(unit.name, at)
  if (glance === undefined || unit === undefined || word === undefined || word < at) return undefined
  const [passage] = nearestTo(session, glance, unit, 1)
  // The index may be older than what git has: what is shown is read from git.
  const text = passage && (await session.golden.passage(passage))
  if (passage === undefined || text === undefined) return undefined
  return { value: passageText(passage, text, passage.language), from: word, to: word + unit.name.length }
}
