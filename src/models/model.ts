import { type Clock, createHttpClient, type HttpClient, readAuthorities } from '../kernel/index.ts'
import { readEndpoint } from './endpoint.ts'
import { fetchOver } from './fetch-over.ts'
import { languageModel } from './language-model.ts'
import { proxiesOf } from './proxies.ts'
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

/** Beside what says "not now" everywhere: 500 of OpenAI and 529 of Anthropic, who mean it. */
const AGAIN = [408, 429, 500, 502, 503, 504, 529]
const TRIES = 3
/** Local servers load a model first; one that thinks says nothing for a while. */
const PATIENCE: Patience = { first: 120_000, between: 60_000, whole: 600_000 }
const MAX_TOKENS = 4_096

/** One model of one provider. Nothing is read or reached before it is asked. */
export function openModel(settings: ModelSettings, options: ModelOptions): Model {
  const { clock, env } = options
  const patience = { ...PATIENCE, ...options.patience }
  let client: HttpClient | undefined
  const connect = () => {
    client ??= createHttpClient({
      clock,
      // The user chose the URL: a model on this machine or in the company's network is what it is for.
      allowPrivate: true,
      ...(settings.ca === undefined ? {} : { ca: readAuthorities(settings.ca) }),
      ...withProxies(settings, env),
      retry: { attempts: TRIES, baseMs: 500, statuses: AGAIN },
      // Words are waited for below; a server that sends none may still be thinking.
      timeouts: { firstByte: patience.whole, idle: patience.whole },
    })
    return client
  }
  return {
    name: settings.model,
    host: URL.parse(settings.url)?.host ?? '',
    async *stream(ask) {
      const endpoint = readEndpoint(settings, env)
      const model = await languageModel(settings, endpoint, fetchOver(connect(), endpoint))
      const maxTokens = ask.maxTokens ?? settings.maxTokens ?? MAX_TOKENS
      yield* streamAnswer({ model, endpoint, clock, patience }, { ...ask, maxTokens })
    },
    close: () => client?.close(),
  }
}

function withProxies({ proxy }: ModelSettings, env: Environment) {
  const proxies = proxiesOf(proxy, env)
  return proxies === undefined ? {} : { proxies }
}
