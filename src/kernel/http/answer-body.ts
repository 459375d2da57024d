import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { z } from 'zod'

import { AnswerCut, AnswerMalformed, AnswerTooLarge } from './client-failures.ts'
import type { Incoming } from './exchange.ts'

export type HttpAnswer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Where it came from in the end, after redirects. */
  readonly url: URL
  /** Once. Throws ANSWER_CUT where it ends before it is whole. Leaving early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>
  bytes(limit: number): Promise<Buffer>
  text(limit: number): Promise<string>
  /** Parsed by the schema; ANSWER_MALFORMED where it does not fit. */
  json<T>(schema: z.ZodType<T>, limit?: number): Promise<T>
  /** For who does not want the body: reads a little rest to keep the connection, cuts a long one. */
  discard(): void
}

const JSON_MAX = 1024 * 1024
const REST_MAX = 64 * 1024

export function answerOf(incoming: Incoming, url: URL, host: string): HttpAnswer {
  const { message } = incoming
  const body = bodyOf(incoming, host)
  // Without a body there is nothing to read, and an unread answer would keep its connection.
  if (isBodiless(message)) message.resume()

  const bytes = async (limit: number): Promise<Buffer> => {
    const chunks: Uint8Array[] = []
    let size = 0
    // Leaving the loop closes the connection: nobody wants the rest.
    for await (const chunk of body) {
      size += chunk.length
      if (size > limit) throw AnswerTooLarge(host, limit)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks, size)
  }

  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    url,
    body,
    bytes,
    text: async limit => (await bytes(limit)).toString('utf8'),
    json: async (schema, limit = JSON_MAX) => parseJson(await bytes(limit), schema, host),
    discard: () => {
      let rest = 0
      message.on('data', (chunk: Uint8Array) => {
        rest += chunk.length
        if (rest > REST_MAX) message.destroy()
      })
    },
  }
}

function isBodiless({ statusCode, headers, req }: IncomingMessage & { req?: { method?: string } }): boolean {
  return req?.method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0'
}

async function* bodyOf({ message, deadline, failed }: Incoming, host: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of message) {
      deadline.pause()
      yield chunk
      deadline.progress()
    }
  } catch (error) {
    const cause = failed() ?? error
    throw cause !== error ? cause : AnswerCut(host).from(error)
  }
}

function parseJson<T>(bytes: Buffer, schema: z.ZodType<T>, host: string): T {
  const parsed = schema.safeParse(plainJson(bytes, host))
  if (parsed.success) return parsed.data
  throw AnswerMalformed(host, z.prettifyError(parsed.error))
}

function plainJson(bytes: Buffer, host: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw AnswerMalformed(host, 'it is no JSON').from(error)
  }
}
