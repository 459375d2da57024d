import { join } from 'node:path'
import { z } from 'zod'
import { formatCitation } from '../citations/format-citation.ts'
import type { DocumentKind } from '../documents/make-document.ts'
import { type Asks, ask } from './ask.ts'
import { type Command, type Commands, command } from './commands.ts'
import { documentInThread } from './document-worker.ts'
import { putDocument } from './put-document.ts'
import type { Session } from './session.ts'

const NAMES: Readonly<Record<DocumentKind, string>> = { codeStyle: 'code-style.md', wiki: 'wiki.md' }

const documentShape = z.object({
  kind: z.enum(['codeStyle', 'wiki']),
  /** Whether the project's model tells the paragraphs, where it has one. */
  retell: z.boolean().default(false),
})

export type Making = { cache: string; env: Readonly<Record<string, string | undefined>> }

export function documentAsks(making: Making): Asks {
  return { documents: ask(documentShape, (asked, { session, signal }) => make(session, making, asked, signal)) }
}

/** The same for whoever only runs commands; what is made is opened. */
export function documentCommands(making: Making): Commands {
  const open = (kind: DocumentKind): Command =>
    command(
      documentShape.partial({ kind: true }).default({ retell: false }),
      async ({ retell }, { session, signal }) => {
        const made = await make(session, making, { kind, retell: retell ?? false }, signal)
        if (session.client.showsDocuments)
          await session.connection.window.showDocument({ uri: made.uri, takeFocus: true })
        return made
      },
    )
  return { codeStyle: open('codeStyle'), wiki: open('wiki') }
}

async function make(
  session: Session,
  { cache, env }: Making,
  { kind, retell }: z.output<typeof documentShape>,
  signal: AbortSignal,
) {
  const project = await session.projects.at(undefined)
  const {
    root,
    loaded: { config },
  } = project
  const { markdown, citations } = await documentInThread(
    { dir: cache, kind, config, folder: root, env, retell },
    signal,
  )
  const uri = await putDocument(join(cache, 'documents'), root, NAMES[kind], markdown)
  session.events.tell('documentReady', { kind, uri }, [project])
  return { kind, uri, markdown, citations: citations.map(formatCitation) }
}
