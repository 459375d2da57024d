import type { z } from 'zod'
import { type HttpClient, type Ms, UrlUnusable } from '../../kernel/index.ts'
import { IssuerUnfit } from './failures.ts'

const WHOLE_MS: Ms = 8_000
const DOCUMENT_BYTES = 64 * 1024

type Parts = {
  http: HttpClient
  /** Hosts that the platform's configuration allows: only these may be spoken to without TLS. */
  allow: readonly string[]
}

/**
 * What an issuer says of itself, as far as `shape` asks (OpenID Connect Discovery 1.0 §4). Throws the kernel's failures,
 * UrlUnusable and IssuerUnfit.
 */
export async function discover<T extends { issuer: string }>(
  { http, allow }: Parts,
  issuer: string,
  shape: z.ZodType<T>,
): Promise<T> {
  const url = `${checkIssuer(issuer, allow).href.replace(/\/$/, '')}/.well-known/openid-configuration`
  const headers = { accept: 'application/json' }
  const answer = await http.request({ url, headers, repeatable: true, redirects: 0, timeouts: { total: WHOLE_MS } })
  if (answer.status !== 200) {
    answer.discard()
    throw IssuerUnfit(`${answer.url.host} answered ${answer.status} where it should describe itself`)
  }
  const found = await answer.json(shape, DOCUMENT_BYTES)
  // Whoever answers for another issuer would have its tokens taken for that one's.
  if (found.issuer !== issuer) throw IssuerUnfit(`${answer.url.host} describes another issuer`)
  for (const [name, value] of Object.entries(found))
    if (/_(endpoint|uri)$/.test(name) && typeof value === 'string') checkTls(new URL(value), allow)
  return found
}

/** Throws where it is no issuer that may be asked. */
export function checkIssuer(issuer: string, allow: readonly string[]): URL {
  const url = URL.parse(issuer)
  if (url === null) throw UrlUnusable('it cannot be parsed')
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw IssuerUnfit('it holds more than scheme, host and path')
  checkTls(url, allow)
  return url
}

/** Without TLS anybody on the way could say who signs in. */
function checkTls({ protocol, host, hostname }: URL, allow: readonly string[]): void {
  if (protocol === 'https:') return
  if (protocol !== 'http:') throw IssuerUnfit(`its scheme is ${protocol}`)
  if (!allow.some(one => one === host || one === hostname))
    throw IssuerUnfit(`${host} is called without TLS, and outbound.allow does not name it`)
}
