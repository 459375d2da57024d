import { basename } from 'node:path'
import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver/node'
import type { Hint } from '../hints/hint.ts'
import { openRungs, type Rung } from '../hints/ladder.ts'
import type { OpenDocument } from './open-document.ts'
import { modeOf, type Session } from './session.ts'
import { SOURCE } from './to-diagnostic.ts'

const CLIMB: Readonly<Record<Exclude<Rung, 'nudge'>, string>> = {
  why: 'Why does the team do it otherwise?',
  golden: 'Show a golden passage',
  sketch: 'Show a sketch of how it could look',
}

/** The next steps of hints in the range, and the ways to silence them. None of them changes the code. */
export function serveCodeActions(session: Session): void {
  const { connection, documents, projects } = session
  connection.onCodeAction(async ({ textDocument, range, context }) => {
    const document = documents.get(textDocument.uri)
    if (document?.file === undefined) return []
    const wanted = context.only ?? [CodeActionKind.QuickFix]
    if (!wanted.some(kind => kind === '' || kind === CodeActionKind.QuickFix)) return []
    const from = document.text.offsetAt(range.start)
    const to = document.text.offsetAt(range.end)
    const hints = document.shown.filter(hint => hint.startIndex <= to && hint.endIndex >= from)
    const project = await projects.of(document.file)
    const mode = modeOf(session, project)
    return hints.flatMap(hint => {
      const rungs = openRungs(mode, document.climbed.get(hint.id) ?? 'nudge')
      const about = context.diagnostics.filter(one => isAbout(one, hint))
      return actionsOf(document, document.file ?? '', hint, rungs).map(action => ({ ...action, diagnostics: about }))
    })
  })
}

function isAbout({ source, data }: Diagnostic, hint: Hint): boolean {
  return source === SOURCE && typeof data === 'object' && data !== null && 'hint' in data && data.hint === hint.id
}

function actionsOf(
  { uri }: OpenDocument,
  file: string,
  { id, norm, words }: Hint,
  rungs: readonly Rung[],
): CodeAction[] {
  const climb = rungs.flatMap(rung =>
    rung === 'nudge' || (rung === 'sketch' && words.sketch === undefined)
      ? []
      : [action(CLIMB[rung], `towpath.mentor.${rung}`, { uri, hint: id })],
  )
  const mute = (title: string, facts: object) => action(title, 'towpath.mentor.mute', { uri, hint: id, ...facts })
  return [
    ...climb,
    mute(`Mute ${norm.id} in ${basename(file)}: it does not fit here`, {
      scope: 'file',
      reason: 'it does not fit here',
    }),
    mute(`Mute ${norm.id} for me: I know it`, { scope: 'me', reason: 'I know it' }),
    mute(`Mute ${norm.id} for the team: we dispute it`, { scope: 'team', reason: 'we dispute it' }),
  ]
}

function action(title: string, command: string, argument: object): CodeAction {
  return { title, kind: CodeActionKind.QuickFix, command: { title, command, arguments: [argument] } }
}
