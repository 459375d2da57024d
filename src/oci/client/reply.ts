import type { Failure } from '../../kernel/index.ts'
import { isFields } from '../fields.ts'
import {
  ContentUnknown,
  ProtocolBroken,
  RegistryBusy,
  RegistryDenied,
  RegistryFaulty,
  RegistryRefused,
  RegistryUnauthorized,
} from './failures.ts'
import { parseRetryAfter } from './retry.ts'
import type { HttpReply } from './transport.ts'

/** The whole body, where it is no longer than `limit`. */
export async function readReply(reply: HttpReply, limit: number, host: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of reply.body) {
    size += chunk.length
    if (size > limit) {
      reply.discard()
      throw ProtocolBroken(host, `an answer is longer than ${limit} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

type Asked = { host: string; what: string; credentials: boolean; now: number }

/** What an answer that nobody hoped for means. `what` says what was asked, e.g. `blob sha256:…`. */
export async function refusal(reply: HttpReply, asked: Asked): Promise<Failure> {
  const { host, what } = asked
  const said = await sayings(reply, host)
  const { status } = reply
  const later = parseRetryAfter(reply.header('retry-after') ?? '0', asked.now) ?? 0
  if (status === 401) return RegistryUnauthorized(host, what, asked.credentials)
  if (status === 403) return RegistryDenied(host, what, said)
  if (status === 404) return ContentUnknown(host, what)
  if (status === 429) return RegistryBusy(host, what, later)
  if (status >= 500) return RegistryFaulty(host, what, status, said, later)
  return RegistryRefused(host, what, status, said)
}

async function sayings(reply: HttpReply, host: string): Promise<string> {
  try {
    const body: unknown = JSON.parse((await readReply(reply, 64 * 1024, host)).toString('utf8'))
    const errors = isFields(body) && Array.isArray(body.errors) ? body.errors.filter(isFields) : []
    const words = errors
      .slice(0, 3)
      .map(error => [error.code, error.message].filter(word => typeof word === 'string').join(': '))
    return words.length === 0 ? '' : `: ${printable(words.join('; '))}`
  } catch {
    // The status already says what happened; a body that cannot be read adds nothing to it.
    return ''
  }
}

/** Words of a stranger for a terminal: one line, no escape sequences, not endless. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 500)
}
