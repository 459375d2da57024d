import { type Fields, readFields } from '../fields.ts'
import { ProtocolBroken } from './failures.ts'
import { pages } from './lists.ts'
import { readReply } from './reply.ts'
import type { WithSignal } from './scope.ts'
import type { Session } from './session.ts'
import { bodyOf } from './transport.ts'

/** One request to a registry's metadata API, as ACR has it: a path under `/acr/v1/`, and what a token for it must say. */
export type MetadataAsk = {
  readonly host: string
  readonly method?: 'GET' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly scopes: readonly string[]
  readonly body?: Fields
  /** For messages: `tag 1.0 of team/app`. */
  readonly what: string
}

const answerBytes = 4 * 1024 * 1024

/** The object that it answers; an empty one where it answers with nothing. */
export async function askMetadata(session: Session, ask: MetadataAsk, options: WithSignal = {}): Promise<Fields> {
  const { host, path: to, method = 'GET', scopes, what, body } = ask
  const sent = body && {
    body: bodyOf(Buffer.from(JSON.stringify(body))),
    headers: { 'content-type': 'application/json' },
  }
  const { reply } = await session.call({
    ...{ host, to, method, scopes, what, ...sent },
    expect: [200, 202],
    signal: options.signal,
  })
  const bytes = await readReply(reply, answerBytes, host)
  if (bytes.length === 0) return {}
  return readFields(bytes, { bytes: answerBytes, depth: 16 }, why => ProtocolBroken(host, `${what}: ${why}`))
}

/** A list, page by page as it is read. */
export function metadataPages(session: Session, ask: MetadataAsk, options: WithSignal = {}): AsyncGenerator<Fields> {
  return pages(session, session.url(ask.host, ask.path), ask, options.signal)
}
