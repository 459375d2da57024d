import type { CodeLens } from 'vscode-languageserver/node'
import { z } from 'zod'
import { answer } from './answer.ts'
import { type Commands, command, PREFIX } from './commands.ts'
import { glanceAt, nearestTo, unitNamedAt } from './glance.ts'
import { uriShape } from './hint-commands.ts'
import { modeOf, type Session } from './session.ts'
import { passageText } from './whole-hint.ts'

/** More of them are a list to read, no example. */
const MOST_EXAMPLES = 5

const dataShape = z.object({ uri: uriShape, line: z.int().min(1) })

/** Above functions that somebody is writing: how many golden examples are near. Counted when the editor shows it. */
export function serveCodeLens(session: Session): void {
  const { connection, documents, log } = session
  connection.onCodeLens(({ textDocument }, token) =>
    answer('Code lens', { log, token }, async (): Promise<CodeLens[]> => {
      const document = documents.get(textDocument.uri)
      const glance = document && (await glanceAt(session, document))
      if (document === undefined || glance === undefined || modeOf(session, glance.project) === 'off') return []
      const changed = await glance.project.changedLines(glance.path, glance.parsed.text)
      return glance.parsed.units
        .filter(
          ({ kind, startLine, endLine }) =>
            (kind === 'function' || kind === 'method') && changed.touches(startLine, endLine),
        )
        .map(({ nameLine }) => ({
          range: { start: { line: nameLine - 1, character: 0 }, end: { line: nameLine - 1, character: 0 } },
          data: { uri: document.uri, line: nameLine },
        }))
    }),
  )
  connection.onCodeLensResolve((lens, token) =>
    answer('Code lens', { log, token }, async () => {
      const data = dataShape.safeParse(lens.data)
      const found = data.success ? await examplesAt(session, data.data) : []
      const title = found.length === 1 ? '1 golden example' : `${found.length || 'no'} golden examples`
      return {
        ...lens,
        command: { title, command: found.length === 0 ? '' : `${PREFIX}examples`, arguments: [lens.data] },
      }
    }),
  )
}

export const lensCommands: Commands = {
  examples: command(dataShape, async (asked, { session }) => {
    const { golden, connection, client } = session
    const found = await examplesAt(session, asked)
    const examples = await Promise.all(
      found.map(async passage => {
        const [location, text] = await Promise.all([golden.locate(passage), golden.passage(passage)])
        return location && text !== undefined ? { ...location, text: passageText(passage, text, passage.language) } : []
      }),
    )
    const shown = examples.flat()
    const [first] = shown
    if (first && client.showsDocuments)
      await connection.window.showDocument({ uri: first.uri, selection: first.range, takeFocus: false })
    return { examples: shown }
  }),
}

async function examplesAt(session: Session, { uri, line }: z.output<typeof dataShape>) {
  const document = session.documents.get(uri)
  const glance = document && (await glanceAt(session, document))
  const unit = glance && unitNamedAt(glance, line)
  return glance && unit ? nearestTo(session, glance, unit, MOST_EXAMPLES) : []
}
