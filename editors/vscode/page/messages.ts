/** What extension and page of the chat say to each other. */

/** A source of an answer. `label`: `repository@commit:path#Lx-Ly`. */
export type Source = { readonly number: number; readonly label: string }

export type Turn = {
  readonly question: string
  /** Markdown; `[1]` stands for the first source. */
  readonly answer: string
  readonly sources: readonly Source[]
  /** What the mentor says of the answer. */
  readonly notes: readonly string[]
  readonly state: 'streaming' | 'done' | 'stopped' | 'failed'
  /** What went wrong, where it failed. */
  readonly problem?: string
}

export type ToPage =
  | { readonly type: 'turns'; readonly turns: readonly Turn[] }
  /** The turn at `index`, as it is now; it may be a new one. */
  | { readonly type: 'turn'; readonly index: number; readonly turn: Turn }
  | { readonly type: 'focus' }

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'ask'; readonly question: string }
  | { readonly type: 'stop' }
  | { readonly type: 'open'; readonly index: number; readonly number: number }

export const MAX_QUESTION = 4000

/** Undefined for what no page of ours says. */
export function readFromPage(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const { type, question, index, number } = message as Record<string, unknown>
  if (type === 'ready' || type === 'stop') return { type }
  if (type === 'ask' && typeof question === 'string') {
    const asked = question.trim()
    return asked === '' || asked.length > MAX_QUESTION ? undefined : { type, question: asked }
  }
  if (type === 'open' && Number.isSafeInteger(index) && Number.isSafeInteger(number)) {
    return { type, index: Number(index), number: Number(number) }
  }
  return undefined
}
