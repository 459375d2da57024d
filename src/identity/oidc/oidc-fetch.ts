import type { CustomFetch } from 'openid-client'
import { AnswerMalformed, type HttpClient } from '../../kernel/index.ts'

/** Metadata, keys and tokens are small; whoever sends more is no provider. */
const LARGEST = 256 * 1024
/** From asking to the end of the answer. People wait for it. */
const PATIENCE_MS = 10_000

/** The protocol's requests through the kernel's client: where it may go and how long it waits is said there and here. */
export function oidcFetch(http: HttpClient): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    if (body !== undefined && body !== null && typeof body !== 'string' && !(body instanceof URLSearchParams))
      throw new Error('A request of the sign-in has a body of a kind that it never had')
    const answer = await http.request({
      ...{ url, method, headers, redirects: 0, timeouts: { total: PATIENCE_MS } },
      ...(body === undefined || body === null ? {} : { body: String(body) }),
      ...(signal ? { signal } : {}),
    })
    const bytes = await answer.bytes(LARGEST)
    // What the standard Response refuses to hold: a provider has no reason to send it.
    if (answer.status < 200 || answer.status > 599) throw AnswerMalformed(answer.url.host, `status ${answer.status}`)
    const type = answer.headers['content-type']
    return new Response(bytes.length === 0 ? null : bytes, {
      status: answer.status,
      headers: type === undefined ? {} : { 'content-type': type },
    })
  }
}
