import { z } from 'zod'
import { type Clock, createDeadline, type Ms } from '../kernel/index.ts'
import { createConnection } from './connection.ts'
import { readEndpoint } from './endpoint.ts'
import { explain } from './explain.ts'
import { ModelAnswerBroken, ModelSilent } from './failures.ts'
import { fetchOver } from './fetch-over.ts'
import type { EmbedderSettings, Environment } from './settings.ts'

export type Embedder = {
  /** As the provider names the model. */
  readonly name: string
  /** Whom texts are sent to. */
  readonly host: string
  /** A vector for each text, in their order, all of one length. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>
  close(): void
}

type EmbedderOptions = { clock: Clock; env: Environment; patience?: Ms }

const PATIENCE = 10_000
/** The largest that is offered anywhere is 4,096. */
const MOST_NUMBERS = 16_384

const Answer = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()).min(1).max(MOST_NUMBERS) })),
})

/** One model of embeddings behind OpenAI's `/embeddings`, as Ollama, vLLM and others have it too. */
export function openEmbedder(
  settings: EmbedderSettings,
  { clock, env, patience = PATIENCE }: EmbedderOptions,
): Embedder {
  const connection = createConnection(settings, { clock, env, wait: patience })
  return {
    name: settings.model,
    host: URL.parse(settings.url)?.host ?? '',
    async embed(texts, given) {
      const endpoint = readEndpoint({ ...settings, kind: 'openai' }, env)
      const ended = new AbortController()
      const signal = given ? AbortSignal.any([given, ended.signal]) : ended.signal
      const expired = (what: string, ms: Ms) => ended.abort(ModelSilent(endpoint.host, what, ms))
      const deadline = createDeadline({ clock, total: patience, expired })
      try {
        signal.throwIfAborted()
        const { model, dimensions } = settings
        const body = JSON.stringify({ model, input: texts, encoding_format: 'float', dimensions })
        const headers = { 'content-type': 'application/json' }
        const ask = fetchOver(connection.client(), endpoint)
        const answer = await ask(`${endpoint.baseUrl}/embeddings`, { method: 'POST', headers, body, signal })
        const read = Answer.safeParse(await answer.json())
        if (!read.success) throw ModelAnswerBroken(endpoint.host, 'it is no list of embeddings')
        const vectors = inOrder(read.data.data, texts.length)
        if (vectors === undefined) throw ModelAnswerBroken(endpoint.host, 'it has not one embedding for each text')
        return vectors
      } catch (error) {
        throw signal.aborted ? signal.reason : explain(error, endpoint)
      } finally {
        deadline.stop()
      }
    },
    close: () => connection.close(),
  }
}

function inOrder(rows: z.infer<typeof Answer>['data'], many: number): Float32Array[] | undefined {
  const vectors = rows.toSorted((a, b) => a.index - b.index).map(({ embedding }) => Float32Array.from(embedding))
  const isWhole = rows.length === many && new Set(rows.map(({ index }) => index)).size === many
  return isWhole && vectors.every(({ length }) => length === vectors[0]?.length) ? vectors : undefined
}
