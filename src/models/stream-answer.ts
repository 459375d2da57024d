import type { LanguageModelV4, LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { type Clock, createDeadline, type Ms } from '../kernel/index.ts'
import type { Endpoint } from './endpoint.ts'
import { explain, streamedError } from './explain.ts'
import { ModelAnswerBroken, ModelAnswerTooLong, ModelSilent } from './failures.ts'

export type Message = { readonly role: 'user' | 'assistant'; readonly text: string }

export type Ask = {
  readonly system: string
  readonly messages: readonly Message[]
  readonly maxTokens?: number
  readonly signal?: AbortSignal
}

export type ModelEvent =
  | { readonly text: string }
  | { readonly end: 'done' | 'too long' | 'withheld'; readonly usage: Usage }

/** Tokens, where the provider counted them. */
export type Usage = { readonly input: number | undefined; readonly output: number | undefined }

export type Patience = {
  /** Until the first word, tries and thinking included. */
  first: Ms
  /** Between two words. */
  between: Ms
  /** For all of it. */
  whole: Ms
}

type Parts = { model: LanguageModelV4; endpoint: Endpoint; clock: Clock; patience: Patience }

/** Ten times what a long answer has. */
const TEXT_MAX = 256 * 1024

/** Asks without any tool: whatever the answer says, nothing is run for it. */
export async function* streamAnswer(parts: Parts, ask: Ask): AsyncGenerator<ModelEvent> {
  const { model, endpoint, clock, patience } = parts
  const ended = new AbortController()
  const signal = ask.signal ? AbortSignal.any([ask.signal, ended.signal]) : ended.signal
  const deadline = createDeadline({
    clock,
    total: patience.whole,
    expired: (what, ms) => ended.abort(ModelSilent(endpoint.host, what, ms)),
  })
  deadline.expect('first word', patience.first)
  let length = 0
  let whole = false
  try {
    signal.throwIfAborted()
    const { stream } = await model.doStream({
      prompt: promptOf(ask),
      abortSignal: signal,
      ...(ask.maxTokens === undefined ? {} : { maxOutputTokens: ask.maxTokens }),
    })
    for await (const part of stream) {
      if (part.type === 'error') throw streamedError(part.error, endpoint)
      if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
        deadline.expect('next word', patience.between)
      }
      const event = eventOf(part)
      if (event === undefined) continue
      if ('text' in event) length += event.text.length
      else whole = true
      if (length > TEXT_MAX) throw ModelAnswerTooLong(endpoint.host, TEXT_MAX)
      // Whoever reads the answer may take its time.
      deadline.pause()
      yield event
      // What is buffered already would still come.
      signal.throwIfAborted()
      deadline.expect('next word', patience.between)
    }
    if (!whole) throw ModelAnswerBroken(endpoint.host, 'it ends before it is whole')
  } catch (error) {
    throw signal.aborted ? signal.reason : explain(error, endpoint)
  } finally {
    deadline.stop()
    // Cancelling the stream alone would wait for the next piece.
    ended.abort()
  }
}

function promptOf({ system, messages }: Ask): LanguageModelV4Prompt {
  return [
    { role: 'system', content: system },
    ...messages.map(({ role, text }) => ({ role, content: [{ type: 'text' as const, text }] })),
  ]
}

function eventOf(part: LanguageModelV4StreamPart): ModelEvent | undefined {
  if (part.type === 'text-delta') return part.delta === '' ? undefined : { text: part.delta }
  if (part.type !== 'finish') return undefined
  const { unified } = part.finishReason
  const end = unified === 'length' ? 'too long' : unified === 'content-filter' ? 'withheld' : 'done'
  return { end, usage: { input: part.usage.inputTokens.total, output: part.usage.outputTokens.total } }
}
