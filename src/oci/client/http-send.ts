import type { HttpClient } from '../../kernel/index.ts'
import type { HttpReply, HttpSend } from './transport.ts'

// After the last byte of an upload a registry may hash, sync and hand it to an object store before it answers.
const uploadAnswer = 10 * 60_000
// Manifests and pages have 4 MiB at most: a registry that drips them holds nobody for longer.
const smallAnswer = 2 * 60_000

/** Sends over the kernel's client. Redirects and retries stay off: which are safe is known here alone. */
export function httpSend(client: HttpClient): HttpSend {
  return async ({ method, url, headers, body, streams, signal }): Promise<HttpReply> => {
    const answer = await client.request({
      url,
      method,
      headers: body ? { ...headers, 'content-length': String(body.size) } : headers,
      redirects: 0,
      ...(body ? { body: body.open(), timeouts: { firstByte: uploadAnswer } } : {}),
      ...(body || streams ? {} : { timeouts: { total: smallAnswer } }),
      ...(signal ? { signal } : {}),
    })
    const all = (name: string): readonly string[] => [answer.headers[name] ?? []].flat()
    return {
      status: answer.status,
      header: name => all(name)[0],
      headers: all,
      body: answer.body,
      discard: () => answer.discard(),
    }
  }
}
