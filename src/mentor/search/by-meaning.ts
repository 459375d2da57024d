import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { type Clock, Failure, failure, type Ms } from '../../kernel/index.ts'
import type { Embedder } from '../../models/index.ts'
import type { Privacy } from '../privacy/types.ts'
import type { Passage, SearchIndex } from './passage.ts'
import { type SearchOptions, search } from './search.ts'

export const EmbeddingsLate = failure('MENTOR_EMBEDDINGS_LATE', 504, (host: string, ms: Ms) => ({
  says: `${host} had not all embeddings after ${ms / 1000} s, so passages are in the order of their words`,
  next: 'Ask again: those that came are kept. A smaller model is quicker',
}))

type Meaning = { embedder: Embedder; privacy: Privacy; clock: Clock; deadline?: Ms }

/** `failure`: why the order is that of words alone, or of meaning only in part. */
type FoundByMeaning = { readonly passages: Passage[]; readonly failure: Failure | undefined }

export type SearchByMeaning = (
  index: SearchIndex,
  question: string,
  options: SearchOptions & { signal: AbortSignal },
) => Promise<FoundByMeaning>

const CANDIDATES = 50
const BATCH = 16
const LONGEST_TEXT = 2000
/** Whoever waits for an answer waits no longer for its order. Vectors that came are kept for the next question. */
const DEADLINE = 3000
/** 8 MB of vectors of 512 numbers. */
const KEPT = 4096
/** As in the paper on reciprocal rank fusion: what both orders have near the top wins over what one has first. */
const FUSION = 60

/**
 * Search whose best passages by words are put in order by meaning too. The endpoint gets the question and passages of
 * golden repositories, and nothing else. It only reorders: when it is slow or gone, the passages by words are the answer.
 */
export function createSearchByMeaning({ embedder, privacy, clock, deadline = DEADLINE }: Meaning): SearchByMeaning {
  const kept = new LRUCache<string, Float32Array>({ max: KEPT })

  return async (index, question, { signal, ...options }) => {
    const found = search(index, question, { ...options, limit: Math.max(CANDIDATES, options.limit) })
    const first = found.slice(0, CANDIDATES)
    const over = new AbortController()
    const until = AbortSignal.any([signal, over.signal])
    const trouble =
      first.length < 2
        ? undefined
        : await withDeadline(() => fetchVectors([question, ...first.map(({ text }) => text)], until), over)
    signal.throwIfAborted()
    const wanted = kept.get(keyOf(question))
    const ordered = wanted ? fuse(first, ({ text }) => similarity(wanted, kept.get(keyOf(text)))) : first
    return { passages: [...ordered, ...found.slice(CANDIDATES)].slice(0, options.limit), failure: trouble }
  }

  async function withDeadline(work: () => Promise<void>, over: AbortController): Promise<Failure | undefined> {
    const done = new AbortController()
    clock.sleep(deadline, done.signal).then(
      () => over.abort(),
      () => undefined,
    )
    try {
      await work()
      return undefined
    } catch (error) {
      if (error instanceof Failure) return error
      if (over.signal.aborted) return EmbeddingsLate(embedder.host, deadline)
      throw error
    } finally {
      done.abort()
    }
  }

  async function fetchVectors(texts: readonly string[], signal: AbortSignal): Promise<void> {
    const missing = [...new Set(texts)].filter(text => !kept.has(keyOf(text)))
    for (let at = 0; at < missing.length; at += BATCH) {
      const batch: { text: string; sent: string }[] = []
      for (const text of missing.slice(at, at + BATCH)) {
        const cleared = await privacy.clear({ text: text.slice(0, LONGEST_TEXT) })
        if (!('withheld' in cleared)) batch.push({ text, sent: cleared.text })
      }
      if (batch.length === 0) continue
      const vectors = await embedder.embed(
        batch.map(({ sent }) => sent),
        signal,
      )
      for (const [n, vector] of vectors.entries()) kept.set(keyOf(batch[n]?.text ?? ''), vector)
    }
  }
}

/** A passage without a vector has its place by words alone. */
function fuse(passages: readonly Passage[], near: (passage: Passage) => number | undefined): Passage[] {
  const byMeaning = passages
    .map(passage => ({ passage, near: near(passage) }))
    .filter(one => one.near !== undefined)
    .sort((a, b) => (b.near ?? 0) - (a.near ?? 0))
    .map(({ passage }) => passage)
  const place = new Map(byMeaning.map((passage, at) => [passage, 1 / (FUSION + at)]))
  return passages
    .map((passage, at) => ({ ...passage, score: 1 / (FUSION + at) + (place.get(passage) ?? 0) }))
    .sort((a, b) => b.score - a.score)
}

/** The cosine; undefined where one is missing or of another length, as after a change of the model behind a name. */
function similarity(a: Float32Array, b: Float32Array | undefined): number | undefined {
  if (b === undefined || a.length !== b.length) return undefined
  let [dot, one, other] = [0, 0, 0]
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? 0
    dot += x * y
    one += x * x
    other += y * y
  }
  return one === 0 || other === 0 ? undefined : dot / Math.sqrt(one * other)
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
