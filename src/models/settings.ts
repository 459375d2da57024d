/** Which model, and how its provider is reached. The shape that `archangel.json` has for it. */
export type ModelSettings = {
  /** The format that is spoken; `azure` is OpenAI's with Azure's key header and `api-version`. */
  readonly kind: 'openai' | 'anthropic' | 'azure'
  /** Where the API begins, a gateway's too: `https://api.openai.com/v1`. Without a path the provider's usual one is taken. */
  readonly url: string
  /** The model's name; with Azure the deployment's. */
  readonly model: string
  /** `env:NAME` or `file:/path`; none for a server that wants none. */
  readonly key?: string
  /** Sent with every request. Values of secret ones are references, as the key is. */
  readonly headers?: Readonly<Record<string, string>>
  /** Path of a PEM file of authorities that are trusted beside the system's own. */
  readonly ca?: string
  /** URL of a proxy, or a reference to it where it holds a password; else HTTPS_PROXY, HTTP_PROXY and NO_PROXY are followed. */
  readonly proxy?: string
  /** Azure's `api-version`. */
  readonly apiVersion?: string
  /** The longest answer, in tokens. */
  readonly maxTokens?: number
}

/** What embeddings need of it, and how long their vectors should be. */
export type EmbedderSettings = Omit<ModelSettings, 'kind' | 'apiVersion' | 'maxTokens'> & {
  readonly dimensions?: number
}

export type Environment = Readonly<Record<string, string | undefined>>
