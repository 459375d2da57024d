import { isSecretName, readSecret } from '../kernel/index.ts'
import { ModelSettingsWrong } from './failures.ts'
import { isReference } from './proxies.ts'
import type { Environment, ModelSettings } from './settings.ts'

export type Endpoint = {
  /** Where `/chat/completions`, `/messages` or `/embeddings` follows. */
  readonly baseUrl: string
  readonly host: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** What must never be seen in a text. */
  readonly secrets: readonly string[]
}

/** The last one that is no preview. */
const AZURE_VERSION = '2024-10-21'
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const HEADER_VALUE = /^[\t\x20-\x7e]{1,8192}$/

/** Reads the secrets behind their references; anew for each question, so that a renewed key is taken up. */
export function readEndpoint(settings: ModelSettings, env: Environment): Endpoint {
  const url = URL.parse(settings.url)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password) {
    throw ModelSettingsWrong('its "url" is no http or https URL without a password', 'Write https://host/path')
  }
  if (url.search || url.hash) {
    throw ModelSettingsWrong('its "url" has a part behind ? or #', 'Leave it out; "apiVersion" is a setting of its own')
  }
  const secrets: string[] = []
  const value = (name: string, text: string) => {
    const plain = isReference(text) ? readSecret(text, env) : text
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(plain)) {
      throw ModelSettingsWrong(
        `the header ${JSON.stringify(name.slice(0, 60))} cannot be sent`,
        'Use printable ASCII on one line',
      )
    }
    if (isReference(text)) secrets.push(plain)
    else if (isSecretName(name)) {
      throw ModelSettingsWrong(`the header ${name} is not given by reference`, 'Write env:NAME or file:/absolute/path')
    }
    return plain
  }
  const given = Object.entries(settings.headers ?? {}).map(([name, text]) => [name.toLowerCase(), value(name, text)])
  return {
    ...placeOf(settings, url),
    host: url.host,
    headers: { ...keyHeader(settings, value), ...Object.fromEntries(given) },
    secrets,
  }
}

function keyHeader(
  { kind, key }: ModelSettings,
  value: (name: string, text: string) => string,
): Record<string, string> {
  if (key === undefined) return {}
  if (!isReference(key))
    throw ModelSettingsWrong('its "key" is not given by reference', 'Write env:NAME or file:/absolute/path')
  if (kind === 'azure') return { 'api-key': value('api-key', key) }
  if (kind === 'anthropic') return { 'x-api-key': value('x-api-key', key) }
  return { authorization: `Bearer ${value('authorization', key)}` }
}

function placeOf({ kind, model, apiVersion }: ModelSettings, url: URL): Pick<Endpoint, 'baseUrl' | 'query'> {
  // People copy the whole address of a request.
  const path = url.pathname.replace(/\/(chat\/completions|messages|embeddings)?\/*$/, '')
  const version = (text: string | undefined): Record<string, string> =>
    text === undefined ? {} : { 'api-version': text }
  if (kind !== 'azure') return { baseUrl: `${url.origin}${path === '' ? '/v1' : path}`, query: version(apiVersion) }
  // Azure's newer addresses end in /openai/v1 and name the model in the body.
  if (/\/v1$/.test(path)) return { baseUrl: `${url.origin}${path}`, query: version(apiVersion) }
  const deployment = /\/deployments\/[^/]+$/.test(path)
    ? path
    : `${path.replace(/\/openai$/, '')}/openai/deployments/${encodeURIComponent(model)}`
  return { baseUrl: `${url.origin}${deployment}`, query: version(apiVersion ?? AZURE_VERSION) }
}
