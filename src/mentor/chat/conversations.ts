import type { Message } from '../../models/index.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import { type GivenPassages, givenPassages } from './given.ts'

type Turn = { readonly question: string; readonly answer: string }

export type Conversation = {
  readonly id: string
  readonly passages: GivenPassages
  /** Questions asked so far. */
  questions(): readonly string[]
  /** What was said before, for the model: the last turns as they were, older ones in a line each. */
  history(): Message[]
  remember(turn: Turn): void
}

export type Conversations = {
  /** The one of that id, or a new one where there is none (any more). */
  of(id: string | undefined): Conversation
}

const CONVERSATIONS = 20
const TURNS = 40
const WHOLE = 4
const WHOLE_MAX = 12_000
const LINE_MAX = 200

/** In memory alone: what somebody asks is nobody else's business. */
export function createConversations(reader: GoldenReader, newId: () => string): Conversations {
  const known = new Map<string, Conversation>()
  return {
    of(id) {
      const conversation = (id === undefined ? undefined : known.get(id)) ?? begin(newId(), givenPassages(reader))
      // The one that was used last is the last to go.
      known.delete(conversation.id)
      known.set(conversation.id, conversation)
      if (known.size > CONVERSATIONS) known.delete(known.keys().next().value ?? '')
      return conversation
    },
  }
}

function begin(id: string, passages: GivenPassages): Conversation {
  let turns: readonly Turn[] = []
  return {
    id,
    passages,
    questions: () => turns.map(({ question }) => question),
    history: () => compact(turns),
    remember(turn) {
      turns = [...turns, turn].slice(-TURNS)
    },
  }
}

function compact(turns: readonly Turn[]): Message[] {
  let whole = 0
  for (let length = 0; whole < Math.min(WHOLE, turns.length); whole++) {
    const turn = turns.at(-1 - whole)
    length += (turn?.question.length ?? 0) + (turn?.answer.length ?? 0)
    if (length > WHOLE_MAX) break
  }
  const old = turns.slice(0, turns.length - whole)
  const recent = turns.slice(turns.length - whole).flatMap(({ question, answer }): Message[] => [
    { role: 'user', text: question },
    { role: 'assistant', text: answer },
  ])
  if (old.length === 0) return recent
  const lines = old.map(({ question, answer }) => `- ${short(question)} → ${short(answer)}`)
  return [
    { role: 'user', text: `Earlier in this conversation:\n${lines.join('\n')}` },
    { role: 'assistant', text: 'I remember.' },
    ...recent,
  ]
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > LINE_MAX ? `${line.slice(0, LINE_MAX)} …` : line
}
