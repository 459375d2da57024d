import { join } from 'node:path'
import { z } from 'zod'
import { openModelFor } from '../chat/open-model-for.ts'
import { reviewChanges } from '../review/review-changes.ts'
import { type Asks, ask } from './ask.ts'
import { type Commands, command } from './commands.ts'
import type { Making } from './document-asks.ts'
import { putDocument } from './put-document.ts'
import type { Session } from './session.ts'

const reviewShape = z.object({}).optional()

type Reviewing = Making & { state: string }

export function reviewAsks(making: Reviewing): Asks {
  return { review: ask(reviewShape, (_, { session, signal }) => review(session, making, signal)) }
}

/** The same for whoever only runs commands; the review is opened. */
export function reviewCommands(making: Reviewing): Commands {
  return {
    review: command(reviewShape, async (_, { session, signal }) => {
      const reviewed = await review(session, making, signal)
      if (session.client.showsDocuments)
        await session.connection.window.showDocument({ uri: reviewed.uri, takeFocus: true })
      return reviewed
    }),
  }
}

/** Of what is saved and not yet committed, as a pull request of it would be reviewed. */
async function review(session: Session, { cache, env, state }: Reviewing, signal: AbortSignal) {
  const { clock, projects } = session
  const project = await projects.at(undefined)
  const folder = project.root
  // What the editor has open stays in use.
  const library = { ...session.library, use: () => undefined }
  const { model, privacy, close } = await openModelFor({ folder, config: project.loaded.config, env, clock })
  try {
    const reviewing = { folder, paths: [], library, state, clock, signal, model, privacy }
    const { review: found, markdown, words, notes } = await reviewChanges(reviewing)
    const uri = await putDocument(join(cache, 'documents'), folder, 'review.md', markdown)
    session.events.tell('documentReady', { kind: 'review', uri }, [project])
    return {
      uri,
      markdown,
      notes,
      remarks: found.remarks,
      struck: words?.struck ?? [],
      withheld: words?.withheld ?? [],
    }
  } finally {
    close()
  }
}
