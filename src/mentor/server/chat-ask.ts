import { z } from 'zod'
import { type Environment, openModel } from '../../models/index.ts'
import { type Chat, type ChatQuestion, createChat } from '../chat/chat.ts'
import { createPrivacy } from '../privacy/create-privacy.ts'
import { type Asked, type Asks, ask } from './ask.ts'
import { fileOf } from './file-of.ts'
import { uriShape } from './hint-commands.ts'
import type { Project } from './projects.ts'
import type { Session } from './session.ts'

const positionShape = z.object({ line: z.int().min(0), character: z.int().min(0) })

const chatShape = z.object({
  question: z.string().max(100_000),
  conversation: z.string().max(100).optional(),
  /** What the question is about, in a file that is open. */
  selection: z.object({ uri: uriShape, range: z.object({ start: positionShape, end: positionShape }) }).optional(),
})

const MOST_CHATS = 8

type OpenChat = { chat: Chat; close(): void }

/** `env` holds the keys that `model` refers to; at `ended` nobody asks any more. */
export function chatAsks(env: Environment, ended: AbortSignal): Asks {
  // By what it rests on, not by folder: a question about a file goes on with one about none.
  const chats = new Map<string, OpenChat>()
  ended.addEventListener('abort', () => {
    for (const { close } of chats.values()) close()
    chats.clear()
  })

  /** Those that were asked last are kept. */
  function chatOf(session: Session, project: Project): Chat {
    const { golden, model, privacy } = project.loaded.config
    const key = JSON.stringify([project.root, golden, model, privacy])
    const opened = chats.get(key) ?? openChat(session, project, env)
    chats.delete(key)
    chats.set(key, opened)
    const [oldest] = chats
    if (chats.size > MOST_CHATS && oldest) {
      chats.delete(oldest[0])
      oldest[1].close()
    }
    return opened.chat
  }

  return {
    chat: ask(chatShape, async ({ question, conversation, selection }, { session, signal }) => {
      const { connection, golden } = session
      const selected = selection && (await readSelection(session, selection))
      const project = await session.projects.at(selection && fileOf(selection.uri))
      const asked: ChatQuestion = {
        question,
        signal,
        ...(conversation === undefined ? {} : { conversation }),
        ...(selected === undefined ? {} : { selection: selected }),
        onText: text => void connection.sendNotification('towpathMentor/chatDelta', { text }),
      }
      const { sources, ...answered } = await chatOf(session, project).ask(asked)
      const citations = await Promise.all(
        sources.map(async ({ number, place, citation }) => ({
          number,
          citation: place,
          ...(await golden.locate(citation)),
        })),
      )
      // One that can't be opened any more is no source.
      return { ...answered, citations: citations.filter(one => one.uri !== undefined) }
    }),
  }
}

function openChat(
  { library, clock }: Session,
  { root, loaded: { config }, isIgnored }: Project,
  env: Environment,
): OpenChat {
  const model = config.model && openModel(config.model, { clock, env })
  const chat = createChat({
    library: { index: library.index, golden: config.golden, reader: library.reader },
    model,
    privacy: createPrivacy({ root, never: config.privacy.never, isIgnored }),
    clock,
  })
  return { chat, close: () => model?.close() }
}

/** The text as it is in the editor; its lines count from 1. */
async function readSelection(
  { documents, projects }: Asked['session'],
  { uri, range }: NonNullable<z.output<typeof chatShape>['selection']>,
): Promise<ChatQuestion['selection']> {
  const document = documents.get(uri)
  if (document?.file === undefined) return undefined
  const project = await projects.of(document.file)
  return {
    file: document.file,
    path: project.pathOf(document.file),
    startLine: range.start.line + 1,
    endLine: range.end.line + 1,
    text: document.text.getText(range),
  }
}
