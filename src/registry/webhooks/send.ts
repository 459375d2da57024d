import {
  type Clock,
  Failure,
  HostResting,
  type HttpClient,
  hideSecrets,
  type Ms,
  type Opener,
} from '../../kernel/index.ts'
import type { NextDelivery } from './deliveries.ts'
import { signatureHeaders } from './sign.ts'
import { parseSecrets, type ServedWebhook, type WebhookSecrets, webhookContext } from './webhook.ts'

/** What an attempt leaves in the log: texts bounded, and without the hook's secrets. */
export type Outcome = {
  readonly delivered: boolean
  /** 0 where there was no answer. */
  readonly status: number
  readonly requestHeaders: string
  readonly responseHeaders: string
  readonly responseBody: string
  /** '' where it was delivered. */
  readonly error: string
}

/** Nothing was sent: its host failed often and is left alone for so long. */
export type Resting = { readonly restsFor: Ms }

type Parts = { http: HttpClient; clock: Clock; open: Opener['open'] }

const TIMEOUTS = { connect: 5_000, firstByte: 15_000, idle: 10_000, total: 30_000 }
const MOST_BODY = 4 * 1024
const MOST_HEADERS = 2 * 1024
const HIDDEN = '(hidden)'

/** One request to the receiver. Never throws but for the signal's reason: what goes wrong is an outcome. */
export async function send(
  { http, clock, open }: Parts,
  hook: ServedWebhook,
  delivery: NextDelivery,
  signal: AbortSignal,
): Promise<Outcome | Resting> {
  let secrets: WebhookSecrets | undefined
  let requestHeaders = '{}'
  try {
    secrets = parseSecrets(await open(hook.sealed, webhookContext(hook)))
    const seconds = Math.floor(clock.now() / 1000)
    const signature = signatureHeaders(secrets.key, { id: delivery.eventId, seconds, body: delivery.body })
    const own = { 'content-type': delivery.contentType, ...signature }
    const headers = { ...own, ...secrets.headers }
    // Headers that people set may let who reads the log in at the receiver.
    const hidden = Object.keys(secrets.headers).map(name => [name, HIDDEN] as const)
    requestHeaders = JSON.stringify({ ...own, ...Object.fromEntries(hidden) })
    const answer = await http.request({
      ...{ url: secrets.serviceUri, method: 'POST', headers, body: delivery.body },
      // Where it leads on to is nobody's whom the owner of the hook named.
      ...{ redirects: 0, timeouts: TIMEOUTS, signal },
    })
    const sent = secretsOf(secrets)
    const body = await start(answer.body, MOST_BODY)
    const delivered = answer.status >= 200 && answer.status < 300
    return {
      ...{ delivered, status: answer.status, requestHeaders },
      responseHeaders: boundedHeaders(answer.headers, sent),
      responseBody: hideSecrets(body, sent),
      error: delivered ? '' : `The receiver answered ${answer.status}`,
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof Failure && error.is(HostResting)) {
      return { restsFor: Number(error.detail.retryAfterMs) }
    }
    const empty = { responseHeaders: '{}', responseBody: '' }
    const told = hideSecrets(describe(error), secrets ? secretsOf(secrets) : [])
    return { delivered: false, status: 0, requestHeaders, ...empty, error: told }
  }
}

/** The beginning of a body; what comes after it is not waited for. */
async function start(body: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= most) break
  }
  return Buffer.concat(chunks).subarray(0, most).toString('utf8')
}

function boundedHeaders(headers: NodeJS.Dict<string | string[]>, secrets: readonly string[]): string {
  const kept: Record<string, string> = {}
  let size = 0
  for (const [name, value] of Object.entries(headers)) {
    const text = name === 'set-cookie' ? HIDDEN : hideSecrets(String(value), secrets)
    size += name.length + text.length
    if (size > MOST_HEADERS) break
    kept[name] = text
  }
  return JSON.stringify(kept)
}

/** A receiver may send back what it was sent, to a log that more people read. */
function secretsOf({ serviceUri, headers, key }: WebhookSecrets): string[] {
  const { pathname, search, searchParams } = new URL(serviceUri)
  return [key, pathname + search, pathname, search, ...searchParams.values(), ...Object.values(headers)]
}

function describe(error: unknown): string {
  const text = error instanceof Failure ? `${error.code}: ${error.message}. ${error.next}` : String(error)
  return text.slice(0, 500)
}
