import type { Clock } from '../../kernel/index.ts'
import { Failure, failure } from '../../kernel/index.ts'
import type { Ask, Model, Usage } from '../../models/index.ts'
import { formatCitation } from '../citations/format-citation.ts'
import type { Outgoing } from '../privacy/show-outgoing.ts'
import type { Privacy } from '../privacy/types.ts'
import { checkAnswer } from './check-answer.ts'
import { type Conversation, createConversations } from './conversations.ts'
import type { Given } from './given.ts'
import { type Quoted, questionMessage, systemPrompt } from './prompt.ts'
import { type Library, retrieve } from './retrieve.ts'

export type ChatQuestion = {
  readonly question: string
  /** Of an earlier answer, to go on with. */
  readonly conversation?: string
  /** What is selected or open in the editor: its absolute path for privacy, and its path in the repository. */
  readonly selection?: Quoted & { readonly file: string }
  readonly signal: AbortSignal
  /** What may be shown of the answer by now. */
  onText?(text: string): void
}

export type ChatAnswer = {
  readonly conversation: string
  /** Markdown, checked. */
  readonly text: string
  /** What the answer cites, read again while it came; without a model all that was found. */
  readonly sources: readonly Source[]
  readonly struck: readonly string[]
  readonly notes: readonly string[]
  readonly usage?: Usage
}

export type Source = Given & { readonly place: string }

export type Chat = {
  ask(question: ChatQuestion): Promise<ChatAnswer>
  /** What `ask` would send, word for word; nothing is sent. */
  preview(question: ChatQuestion): Promise<Outgoing>
}

export type ChatOptions = {
  library: Library
  /** None: passages are found and shown, and how to set one is said. */
  model: Model | undefined
  privacy: Privacy
  clock: Clock
}

export const QuestionEmpty = failure('MENTOR_QUESTION_EMPTY', 400, () => ({
  says: 'There is no question',
  next: 'Ask one, in words or with names from code',
}))
export const QuestionTooLong = failure('MENTOR_QUESTION_TOO_LONG', 400, (limit: number) => ({
  says: `The question is longer than ${limit} characters`,
  next: 'Ask a shorter one; code can be selected instead',
}))

const QUESTION_MAX = 8_000
const SELECTION_MAX = 12_000
const NO_MODEL =
  'No model is set, so nothing is answered in words. These passages of the golden repositories fit the question best. To have answers, set "model" in archangel.json and allow it: `towpath mentor allow`.'
const NO_ANSWER = 'The model gave no answer. These passages of the golden repositories fit the question best.'

export function createChat({ library, model, privacy, clock }: ChatOptions): Chat {
  const random = () => Buffer.from(clock.bytes(12)).toString('hex')
  const conversations = createConversations(library.reader, random)

  /** Everything that leaves has passed `privacy` here, and only here. */
  async function prepare(asked: ChatQuestion): Promise<Prepared> {
    const question = asked.question.trim()
    if (question === '') throw QuestionEmpty()
    if (question.length > QUESTION_MAX) throw QuestionTooLong(QUESTION_MAX)
    const conversation = conversations.of(asked.conversation)
    const files: Outgoing['files'][number][] = []
    const cleared = await privacy.clear({ text: question })
    const words = 'text' in cleared ? cleared.text : ''
    const selection = asked.selection && (await clearSelection(asked.selection, privacy, files))
    const found = await retrieve(library, {
      question,
      earlier: conversation.questions(),
      selection: selection?.text,
    })
    const given: Given[] = []
    for (const { citation, text } of found) {
      const sent = await privacy.clear({ text })
      if (!('text' in sent)) continue
      if (sent.redacted.length > 0) files.push({ path: formatCitation(citation), redacted: sent.redacted })
      given.push(conversation.passages.add(citation, sent.text))
    }
    if (selection) conversation.passages.mine.add(selection.path)
    const mark = random()
    const { message, leftOut } = questionMessage({ mark, question: words, given, ...(selection ? { selection } : {}) })
    const system = systemPrompt(mark)
    return {
      conversation,
      question: words,
      given,
      files,
      leftOut,
      ask: { system, messages: [...conversation.history(), message] },
    }
  }

  return {
    async ask(asked) {
      const prepared = await prepare(asked)
      const { conversation, given, question } = prepared
      if (model === undefined) {
        asked.onText?.(NO_MODEL)
        return {
          conversation: conversation.id,
          text: NO_MODEL,
          sources: given.map(sourceOf),
          struck: [],
          notes: notesOf(prepared),
        }
      }
      const check = checkAnswer(conversation.passages)
      let text = ''
      let usage: Usage | undefined
      const notes = notesOf(prepared)
      const show = (shown: string) => {
        text += shown
        if (shown !== '') asked.onText?.(shown)
      }
      try {
        for await (const event of model.stream({ ...prepared.ask, signal: asked.signal })) {
          if ('text' in event) show(await check.push(event.text))
          else {
            usage = event.usage
            if (event.end !== 'done') notes.push(ENDED[event.end])
          }
        }
      } catch (error) {
        // What came before stands, checked as all else; the passages help also without any of it.
        if (asked.signal.aborted || !(error instanceof Failure)) throw error
        notes.push(`The answer is not whole: ${error.message}. ${error.next}.`)
      }
      show(await check.end())
      if (text === '') {
        show(NO_ANSWER)
        return { conversation: conversation.id, text, sources: given.map(sourceOf), struck: check.struck(), notes }
      }
      const struck = check.struck()
      if (struck.length > 0) notes.push(struckNote(struck))
      conversation.remember({ question, answer: text })
      return {
        conversation: conversation.id,
        text,
        sources: check.cited().map(sourceOf),
        struck,
        notes,
        ...(usage ? { usage } : {}),
      }
    },
    async preview(asked) {
      const { ask, files } = await prepare(asked)
      const messages = ask.messages.map(({ role, text }) => ({ role, content: text }))
      return { url: model?.host ?? 'no model', model: model?.name ?? 'none', system: ask.system, messages, files }
    },
  }
}

type Prepared = {
  conversation: Conversation
  question: string
  given: readonly Given[]
  files: Outgoing['files']
  leftOut: number
  ask: Ask
}

const ENDED = {
  'too long':
    'The answer is not whole: it reached the longest that the model may give. Raise "maxTokens" of the model.',
  withheld: 'The model’s provider withheld the rest of the answer.',
} as const

function notesOf({ files, leftOut }: Prepared): string[] {
  const withheld = files.flatMap(({ path, withheld: why }) => (why ? [`${path} was not sent: it ${why}.`] : []))
  if (leftOut === 0) return withheld
  const lines = leftOut === 1 ? 'One line' : `${leftOut} lines`
  return [...withheld, `${lines} of the golden passages spoke to a language model and was not sent.`]
}

function struckNote(struck: readonly string[]): string {
  const shown = [...new Set(struck)].slice(0, 5).map(one => `\`${one.replace(/[`\s]+/g, ' ').slice(0, 60)}\``)
  return `Taken out, because it leads to nothing that was given: ${shown.join(', ')}${struck.length > 5 ? ' and more' : ''}.`
}

async function clearSelection(
  selection: Quoted & { file: string },
  privacy: Privacy,
  files: Outgoing['files'][number][],
): Promise<Quoted | undefined> {
  const { file, ...quoted } = selection
  const sent = await privacy.clear({ path: file, text: quoted.text.slice(0, SELECTION_MAX) })
  if ('withheld' in sent) {
    files.push({ path: quoted.path, withheld: sent.withheld })
    return undefined
  }
  files.push({ path: quoted.path, redacted: sent.redacted })
  return { ...quoted, text: sent.text }
}

function sourceOf(given: Given): Source {
  return { ...given, place: formatCitation(given.citation) }
}
