import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isCode } from '../../kernel/index.ts'
import { openModel } from '../../models/index.ts'
import { runCheck } from '../check/run-check.ts'
import { decodeSource } from '../parse/decode.ts'
import { languageOf } from '../parse/language.ts'
import { createPrivacy } from '../privacy/create-privacy.ts'
import { changesOf } from '../review/changes.ts'
import { type Review, reviewOf } from '../review/review.ts'
import { reviewMarkdown } from '../review/review-markdown.ts'
import { type Change, type ReviewWords, reviewWords } from '../review/review-words.ts'
import { type Asks, ask } from './ask.ts'
import { type Commands, command } from './commands.ts'
import type { Making } from './document-asks.ts'
import type { Project } from './projects.ts'
import { putDocument } from './put-document.ts'
import type { Session } from './session.ts'

/** A review of more than this would be one of a move, not of work. */
const MOST_FILES = 50
const LARGEST = 1024 * 1024

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
  const { clock, library, projects } = session
  const project = await projects.at(undefined)
  // What the editor has open stays in use.
  const ours = { ...library, use: () => undefined }
  const { checked } = await runCheck({
    folder: project.root,
    all: false,
    paths: [],
    library: ours,
    state,
    clock,
    signal,
  })
  const found = await reviewOf(checked, library.reader)
  const said = await words(session, project, { found, env, signal })
  const markdown = reviewMarkdown(found, said?.text)
  const uri = await putDocument(join(cache, 'documents'), project.root, 'review.md', markdown)
  session.events.tell('documentReady', { kind: 'review', uri }, [project])
  return { uri, markdown, remarks: found.remarks, struck: said?.struck ?? [], withheld: said?.withheld ?? [] }
}

type Words = { found: Review; env: Reviewing['env']; signal: AbortSignal }

/** What the project's model says on top, where it has one. */
async function words(
  session: Session,
  project: Project,
  { found, env, signal }: Words,
): Promise<ReviewWords | undefined> {
  const { clock, library } = session
  const { config } = project.loaded
  if (config.model === undefined || found.files === 0) return undefined
  const model = openModel(config.model, { clock, env })
  try {
    return await reviewWords({
      review: found,
      changes: await changes(project),
      library: { index: library.index, golden: config.golden, reader: library.reader },
      model,
      privacy: createPrivacy({ root: project.root, never: config.privacy.never, isIgnored: project.isIgnored }),
      clock,
      signal,
    })
  } finally {
    model.close()
  }
}

async function changes(project: Project): Promise<Change[]> {
  const files = (await project.changedFiles()).filter(path => languageOf(path) !== undefined).slice(0, MOST_FILES)
  const each = files.map(async path => {
    const file = join(project.root, path)
    const text = await readSource(file)
    return text === undefined ? [] : changesOf({ file, path }, text, await project.changedLines(path, text))
  })
  return (await Promise.all(each)).flat()
}

/** Undefined where it is none, is too long to be work of one day, or has gone meanwhile. */
async function readSource(file: string): Promise<string | undefined> {
  try {
    const facts = await stat(file)
    return facts.isFile() && facts.size <= LARGEST ? decodeSource(await readFile(file)) : undefined
  } catch (error) {
    if (isCode(error, 'ENOENT', 'EACCES', 'ELOOP')) return undefined
    throw error
  }
}
