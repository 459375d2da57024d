import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { Endpoint } from './endpoint.ts'
import type { fetchOver } from './fetch-over.ts'
import type { ModelSettings } from './settings.ts'

/** The provider's package for the format, loaded when it is used: both cost an editor's start 100 ms. */
export async function languageModel(
  settings: ModelSettings,
  { baseUrl, query }: Endpoint,
  send: ReturnType<typeof fetchOver>,
): Promise<LanguageModelV4> {
  if (settings.kind === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic')
    // An empty key, or the package would look for one in the environment. The real one is set where the request leaves.
    return createAnthropic({ baseURL: baseUrl, apiKey: '', fetch: send })(settings.model)
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  const provider = createOpenAICompatible({
    name: 'model',
    baseURL: baseUrl,
    queryParams: query,
    includeUsage: true,
    transformRequestBody: body => (isOpenAi(settings) ? renamed(body) : body),
    fetch: send,
  })
  return provider.chatModel(settings.model)
}

/** OpenAI's newer models refuse `max_tokens`, and most other servers know nothing else. */
function renamed({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return { ...body, max_completion_tokens: max_tokens }
}

function isOpenAi({ kind, url }: ModelSettings): boolean {
  return kind === 'azure' || URL.parse(url)?.hostname === 'api.openai.com'
}
