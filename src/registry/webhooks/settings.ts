import { createGuard, UrlUnusable } from '../../kernel/index.ts'
import { parseRepository, parseTag } from '../../oci/index.ts'
import { WebhookRefused } from './webhook.ts'

/** What people give, checked once: what is stored can be sent. */

const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/
const HEADER_VALUE = /^[\x20-\x7e]{0,2000}$/
const MOST_HEADERS = 20
const MOST_HEADER_BYTES = 8 * 1024
/** What the wire or the signature needs to be ours. */
const OWN_HEADERS = [
  ...['connection', 'content-encoding', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-connection', 'te'],
  ...['trailer', 'transfer-encoding', 'upgrade', 'webhook-id', 'webhook-timestamp', 'webhook-signature'],
]

/** Names in lower case, or a second spelling would be sent twice. */
export function parseHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [spelled, value] of Object.entries(given)) {
    const name = spelled.toLowerCase()
    const refuse = (why: string) =>
      WebhookRefused(`Header "${name.slice(0, 100)}" ${why}`, 'Leave it out, or correct it')
    if (!HEADER_NAME.test(name)) throw refuse('has a name that no header has')
    if (OWN_HEADERS.includes(name)) throw refuse('can not be set: the sender does')
    if (name in headers) throw refuse('is given twice')
    if (!HEADER_VALUE.test(value)) throw refuse('has a value that is too long, or not of visible ASCII characters')
    headers[name] = value
  }
  const size = JSON.stringify(headers).length
  if (Object.keys(headers).length > MOST_HEADERS || size > MOST_HEADER_BYTES) {
    const next = `Give ${MOST_HEADERS} at most, of ${MOST_HEADER_BYTES} bytes together`
    throw WebhookRefused('There are too many headers', next)
  }
  return headers
}

/** Whether its name leads to a forbidden address shows when it is called; one that is written out shows here. */
export function parseServiceUri(text: string, allow: readonly string[]): URL {
  const url = URL.parse(text)
  if (url === null) throw UrlUnusable('it cannot be parsed')
  createGuard({ allow })(url)
  return url
}

/** `repo:tag`, `repo:*` or ''; `repo` alone is its tag `latest`, as at ACR. */
export function parseScope(text: string): string {
  if (text === '') return ''
  const [repository = '', tag = 'latest', ...rest] = text.split(':')
  if (rest.length > 0) throw WebhookRefused(`"${text}" is no scope`, 'Write repository:tag, repository:* or nothing')
  parseRepository(repository)
  if (tag !== '*') parseTag(tag)
  return `${repository}:${tag}`
}

/** What has no tag, as a deletion, is of the whole repository. */
export function isInScope(scope: string, repository: string, tag: string | undefined): boolean {
  return scope === '' || scope === `${repository}:*` || (tag !== undefined && scope === `${repository}:${tag}`)
}
