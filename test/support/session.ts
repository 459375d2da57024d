import assert from 'node:assert/strict'
import type { Platform } from './platform.ts'

/** Signs the admin in as the console does: the headers by which a browser then asks, and changes something. */
export async function adminSession(platform: Platform): Promise<{ cookie: string; 'x-csrf-token': string }> {
  const answer = await fetch(`${platform.control}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: platform.adminPassword }),
  })
  assert.equal(answer.status, 201)
  const { csrfToken } = (await answer.json()) as { csrfToken: string }
  return { cookie: cookieOf(answer, 'towpath'), 'x-csrf-token': csrfToken }
}

/** `name=value` as an answer sets it; '' where it does not. */
export function cookieOf({ headers }: { headers: Headers }, name: string): string {
  const set = headers.getSetCookie().find(one => one.startsWith(`${name}=`)) ?? ''
  return set.split(';')[0] ?? ''
}
