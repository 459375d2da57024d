import { createHmac } from 'node:crypto'
import type { Clock } from '../../kernel/index.ts'

const PREFIX = 'whsec_'
const KEY_BYTES = 32

/** As the Standard Webhooks specification writes keys, so that its libraries check what is sent here. */
export function newWebhookKey(clock: Clock): string {
  return PREFIX + Buffer.from(clock.bytes(KEY_BYTES)).toString('base64')
}

type Signed = { id: string; seconds: number; body: string }

/** HMAC-SHA256 over `<id>.<seconds>.<body>`: the time is signed with it, so an old request can be known for one. */
export function signatureHeaders(key: string, { id, seconds, body }: Signed): Record<string, string> {
  const hmac = createHmac('sha256', Buffer.from(key.slice(PREFIX.length), 'base64'))
  const signature = hmac.update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` }
}
