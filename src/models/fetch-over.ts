import { AnswerTooLarge, type HttpAnswer, type HttpClient, hideSecrets } from '../kernel/index.ts'
import type { Endpoint } from './endpoint.ts'
import { ModelRefused } from './failures.ts'

/** 32,000 tokens, each in an event of its own, are a third of this. */
const ANSWER_MAX = 32 * 1024 * 1024
const REFUSAL_MAX = 64 * 1024
const SAID_MAX = 300

/**
 * What the providers' packages call to reach the network: the kernel's client behind the shape of `fetch`. Headers that
 * hold secrets are set here, so that no package ever has them. Only a good answer comes back; any other throws.
 */
export function fetchOver(client: HttpClient, endpoint: Endpoint): typeof fetch {
  return async (input, init) => {
    const { 'user-agent': _, ...headers } = Object.fromEntries(new Headers(init?.headers))
    const named = Object.entries({ ...headers, ...endpoint.headers }).filter(([, value]) => value !== '')
    const answer = await client.request({
      url: String(input instanceof Request ? input.url : input),
      method: 'POST',
      headers: Object.fromEntries(named),
      body: typeof init?.body === 'string' ? init.body : '',
      // A question that was not answered can be asked again.
      repeatable: true,
      // Elsewhere the key would be told to somebody else.
      redirects: 0,
      ...(init?.signal ? { signal: init.signal } : {}),
    })
    if (answer.status !== 200) throw await refusal(answer, endpoint)
    const type = answer.headers['content-type'] ?? ''
    return new Response(ReadableStream.from(bounded(answer.body, endpoint.host)), { headers: { 'content-type': type } })
  }
}

async function* bounded(body: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > ANSWER_MAX) throw AnswerTooLarge(host, ANSWER_MAX)
    yield chunk
  }
}

async function refusal(answer: HttpAnswer, { host, secrets }: Endpoint) {
  const { status } = answer
  const text = await answer.text(REFUSAL_MAX).catch(() => '')
  // Some repeat the key that they refuse.
  const said = hideSecrets(wordsOf(text), secrets)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, SAID_MAX)
  return ModelRefused(host, status, said, nextStep(status))
}

function wordsOf(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    return messageIn(parsed) ?? ''
  } catch {
    // A gateway's page of HTML says nothing that fits into a sentence.
    return text.trimStart().startsWith('<') ? '' : text
  }
}

/** `{ error: { message } }` of OpenAI and Anthropic, `{ error }` of Ollama, `{ message }` of Azure's gateway. */
function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return undefined
  if ('error' in value) return messageIn(value.error)
  return 'message' in value ? messageIn(value.message) : undefined
}

function nextStep(status: number): string {
  if (status === 401 || status === 403) return 'Check the key of the model and what it may do'
  if (status === 404) return 'Check "url" and "model" of the model'
  if (status === 407) return 'Check the proxy and its password'
  if (status === 429) return 'Wait a little, or ask for a larger quota'
  if (status === 400 || status === 413 || status === 422)
    return 'Ask with less context, or choose a model that takes more'
  if (status >= 300 && status < 400) return 'Set "url" of the model to where this one leads'
  return 'Try again later, or check the model’s server'
}
