import type { Clock } from '../kernel/index.ts'
import { createConnection } from './connection.ts'
import { readEndpoint } from './endpoint.ts'
import { fetchOver } from './fetch-over.ts'
import { languageModel } from './language-model.ts'
import type { Environment, ModelSettings } from './settings.ts'
import { type Ask, type ModelEvent, type Patience, streamAnswer } from './stream-answer.ts'

export type Model = {
  /** As the provider names it. */
  readonly name: string
  /** Whom questions are sent to. */
  readonly host: string
  /** The answer as it comes; its last event says how it ended. Leaving early, or the signal, ends the request. */
  stream(ask: Ask): AsyncIterable<ModelEvent>
  close(): void
}

export type ModelOptions = { clock: Clock; env: Environment; patience?: Partial<Patience> }

/** Local servers load a model first; one that thinks says nothing for a while. */
const PATIENCE: Patience = { first: 120_000, between: 60_000, whole: 600_000 }
const MAX_TOKENS = 4_096

/** One model of one provider. Nothing is read or reached before it is asked. */
export function openModel(settings: ModelSettings, options: ModelOptions): Model {
  const { clock, env } = options
  const patience = { ...PATIENCE, ...options.patience }
  // Words are waited for below; a server that sends none may still be thinking.
  const connection = createConnection(settings, { ...options, wait: patience.whole })
  return {
    name: settings.model,
    host: URL.parse(settings.url)?.host ?? '',
    async *stream(ask) {
      const endpoint = readEndpoint(settings, env)
      const model = await languageModel(settings, endpoint, fetchOver(connection.client(), endpoint))
      const maxTokens = ask.maxTokens ?? settings.maxTokens ?? MAX_TOKENS
      yield* streamAnswer({ model, endpoint, clock, patience }, { ...ask, maxTokens })
    },
    close: () => connection.close(),
  }
}
