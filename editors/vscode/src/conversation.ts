import type { Turn } from '../page/messages.ts'
import type { ChatAnswer, ChatCitation } from './protocol.ts'

export type Answer = Pick<ChatAnswer, 'text' | 'notes'> & { readonly sources: readonly ChatCitation[] }
export type AskOptions = {
  /** Gets the answer so far, each time more of it came. */
  onText(text: string): void
  signal: AbortSignal
  /** Nothing was asked before it. */
  isNew: boolean
}
export type Ask = (question: string, options: AskOptions) => Promise<Answer>

export type Conversation = {
  readonly turns: readonly Turn[]
  /** Does nothing while an answer comes. */
  ask(question: string): Promise<void>
  stop(): void
  clear(): void
  /** The citation behind a number of the answer at `index`. */
  citation(index: number, number: number): ChatCitation | undefined
}

/** One question at a time; `onTurn` gets each turn whenever it changes, and `undefined` where all are gone. */
export function createConversation(ask: Ask, onTurn: (index: number | undefined) => void): Conversation {
  let turns: Turn[] = []
  let cited: (readonly ChatCitation[])[] = []
  let running: AbortController | undefined

  return {
    get turns() {
      return turns
    },
    async ask(question) {
      if (running !== undefined) return
      const controller = new AbortController()
      running = controller
      const index = turns.length
      const mine = turns
      const set = (change: Partial<Turn>) => {
        // A new chat was begun meanwhile: what comes late belongs to none.
        if (mine !== turns) return
        turns[index] = {
          ...(turns[index] ?? { question, answer: '', sources: [], notes: [], state: 'streaming' }),
          ...change,
        }
        onTurn(index)
      }
      set({})
      try {
        const { text, sources, notes } = await ask(question, {
          onText: answer => set({ answer }),
          signal: controller.signal,
          isNew: index === 0,
        })
        if (mine === turns) cited[index] = sources
        set({
          answer: text,
          sources: sources.map(({ number, citation }) => ({ number, label: citation })),
          notes,
          state: 'done',
        })
      } catch (error) {
        const stopped = controller.signal.aborted
        set(stopped ? { state: 'stopped' } : { state: 'failed', problem: String((error as Error).message ?? error) })
      } finally {
        if (running === controller) running = undefined
      }
    },
    stop: () => running?.abort(),
    clear() {
      running?.abort()
      running = undefined
      turns = []
      cited = []
      onTurn(undefined)
    },
    citation: (index, number) => cited[index]?.find(one => one.number === number),
  }
}
