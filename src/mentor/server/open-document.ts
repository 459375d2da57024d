import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { carry } from '../hints/carry.ts'
import type { Hint } from '../hints/hint.ts'
import type { Rung } from '../hints/ladder.ts'
import { type Language, languageOf } from '../parse/language.ts'
import type { Edit, Parsed, Parser } from '../parse/parsed.ts'
import { fileOf } from './file-of.ts'

/** Longer ones are generated or data: parsing them would take seconds, and nobody learns from hints in them. */
export const LIVE_CHARACTERS = 400_000
/** A parse that starts from the last tree looks at each edit; past so many a fresh one is as quick. */
const EDITS_MAX = 200

/** A document as it is in the editor, saved or not. */
export type OpenDocument = {
  readonly uri: string
  /** Absolute path; undefined where it is no file. */
  readonly file: string | undefined
  readonly language: Language | undefined
  /** What it says now. Changes under whoever holds it: `turn` tells. */
  readonly text: TextDocument
  /** Goes up with each change that we were told, whatever the editor counts. */
  turn(): number
  change(changes: readonly TextDocumentContentChangeEvent[], version: number): void
  /** Of the text as it is now, from the last tree where there is one; undefined where it is none of ours or too long. */
  parse(parser: Parser, path: string): Parsed | undefined
  /** Hints that stand, moved with the text. */
  shown: readonly Hint[]
  /** How far up each hint was climbed. */
  readonly climbed: Map<string, Rung>
  close(): void
}

export function openDocument({
  uri,
  languageId,
  version,
  text,
}: {
  uri: string
  languageId: string
  version: number
  text: string
}): OpenDocument {
  const file = fileOf(uri)
  const current = TextDocument.create(uri, languageId, version, text)
  let turn = 0
  let parsed: Parsed | undefined
  let edits: Edit[] | undefined = []

  const remember = (edit: Edit) => {
    edits = edits && edits.length < EDITS_MAX ? [...edits, edit] : undefined
    document.shown = carry(document.shown, [edit])
  }

  const document: OpenDocument = {
    uri,
    file,
    language: file === undefined ? undefined : languageOf(file),
    text: current,
    turn: () => turn,
    change(changes, next) {
      turn++
      for (const change of changes) {
        remember(editOf(current, change))
        TextDocument.update(current, [change], next)
      }
    },
    parse(parser, path) {
      const now = current.getText()
      if (parsed?.text === now && parsed.path === path) return parsed
      if (now.length > LIVE_CHARACTERS) return undefined
      const before = parsed && edits ? { before: { parsed, edits } } : {}
      const fresh = parser.parse(path, now, before.before)
      parsed?.[Symbol.dispose]()
      parsed = fresh
      edits = []
      return fresh
    },
    shown: [],
    climbed: new Map(),
    close() {
      parsed?.[Symbol.dispose]()
      parsed = undefined
    },
  }
  return document
}

/** As offsets. Whoever sends the whole text again has mostly changed a piece of it: hints around it stay. */
function editOf(text: TextDocument, change: TextDocumentContentChangeEvent): Edit {
  if ('range' in change) {
    const [a, b] = [text.offsetAt(change.range.start), text.offsetAt(change.range.end)]
    return { startIndex: Math.min(a, b), endIndex: Math.max(a, b), text: change.text }
  }
  const [before, after] = [text.getText(), change.text]
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let [oldEnd, newEnd] = [before.length, after.length]
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--
    newEnd--
  }
  return { startIndex: start, endIndex: oldEnd, text: after.slice(start, newEnd) }
}
