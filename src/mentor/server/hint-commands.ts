import { MessageType, ShowMessageNotification } from 'vscode-languageserver/node'
import { z } from 'zod'
import { failure } from '../../kernel/index.ts'
import type { Hint } from '../hints/hint.ts'
import { higher, type Rung } from '../hints/ladder.ts'
import { type Commands, command } from './commands.ts'
import { GoldenGone } from './golden-documents.ts'
import type { OpenDocument } from './open-document.ts'
import type { Session } from './session.ts'
import { passageText, sketchText, whyText } from './whole-hint.ts'

const HintGone = failure('MENTOR_HINT_GONE', 404, () => ({
  says: 'That hint is no longer shown',
  next: 'Look at the file again: its text has changed since',
}))
const SketchMissing = failure('MENTOR_SKETCH_MISSING', 404, (norm: string) => ({
  says: `There is no sketch for ${norm}: how it should look can not be said surely here`,
  next: 'Look at the golden passage',
}))

export const uriShape = z.string().max(8_000)
export const hintShape = z.object({ uri: uriShape, hint: z.string().max(40) })

/** The ladder: each step is asked for, is shown, and changes nothing. */
export const hintCommands: Commands = {
  why: command(hintShape, async (asked, { session }) => {
    const { hint } = climb(session, asked, 'why')
    const text = whyText(hint)
    show(session, text)
    return { text }
  }),

  golden: command(hintShape, async (asked, { session }) => {
    const { hint } = climb(session, asked, 'golden')
    const { golden, client, connection } = session
    const [location, example] = await Promise.all([golden.locate(hint.citation), golden.example(hint.citation)])
    if (location === undefined || example === undefined) throw GoldenGone(hint.citation.path)
    const text = passageText(example.place, example.text, hint.norm.language)
    if (client.showsDocuments)
      await connection.window.showDocument({ uri: location.uri, selection: location.range, takeFocus: false })
    else show(session, text)
    return { ...location, text }
  }),

  sketch: command(hintShape, async (asked, { session }) => {
    const { document, hint } = climb(session, asked, 'sketch')
    if (hint.words.sketch === undefined) throw SketchMissing(hint.norm.id)
    const mine = document.text.getText().slice(hint.startIndex, hint.endIndex)
    const text = sketchText(mine, hint.words.sketch, hint.norm.language)
    show(session, text)
    return { text }
  }),
}

export function findHint(
  { documents }: Session,
  { uri, hint: id }: z.output<typeof hintShape>,
): { document: OpenDocument; hint: Hint } {
  const document = documents.get(uri)
  const hint = document?.shown.find(one => one.id === id)
  if (document === undefined || hint === undefined) throw HintGone()
  return { document, hint }
}

function climb(session: Session, asked: z.output<typeof hintShape>, to: Rung): { document: OpenDocument; hint: Hint } {
  const found = findHint(session, asked)
  const { climbed } = found.document
  climbed.set(found.hint.id, higher(climbed.get(found.hint.id) ?? 'nudge', to))
  return found
}

/** As a message, which every editor has; what the command returns is for those that can do better. */
export function show({ connection }: Session, message: string): void {
  void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Info, message })
}
