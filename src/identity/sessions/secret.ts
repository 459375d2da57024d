import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../kernel/index.ts'

const SECRET = /^[A-Za-z0-9_-]{43}$/

/** 32 random bytes for the one who signs in, and what is kept of them. So many need no slow hash. */
export function newSessionSecret(clock: Clock): { secret: string; hash: string } {
  const secret = Buffer.from(clock.bytes(32)).toString('base64url')
  return { secret, hash: hashSecret(secret) }
}

/** Undefined where the text can be no secret of ours. */
export function hashOfSecret(text: string): string | undefined {
  return SECRET.test(text) ? hashSecret(text) : undefined
}

/** What a page of ours must show beside the cookie. Made of the secret, so that it ends with it and is stored nowhere. */
export function csrfTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('towpath csrf').digest('base64url')
}

export function isCsrfTokenOf(secret: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(csrfTokenOf(secret)), digest(given))
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
