import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { type Clock, type HttpClient, type Ms, UrlUnusable } from '../../kernel/index.ts'
import { IssuerUnfit } from './failures.ts'

/** What a provider says of itself, as far as a sign-in needs it. */
export type Metadata = z.output<typeof shape>

/** Signatures that a public key proves. `none` and HS256, which the client's secret would sign, are never taken. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

const url = z.url({ protocol: /^https?$/ }).max(2000)
const names = z.array(z.string().max(100)).max(100)
const shape = z.object({
  issuer: z.string().max(2000),
  authorization_endpoint: url,
  token_endpoint: url,
  jwks_uri: url,
  userinfo_endpoint: url.optional(),
  end_session_endpoint: url.optional(),
  token_endpoint_auth_methods_supported: names.optional(),
  id_token_signing_alg_values_supported: names
    .default(['RS256'])
    .transform(all => all.filter(name => ALGORITHMS.includes(name))),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
})

/** A change at the provider is seen within this; opening the page of a sign-in often asks it nothing. */
const KEPT_MS: Ms = 5 * 60_000
const KEPT = 500

type Parts = {
  http: HttpClient
  clock: Clock
  /** Hosts that the platform's configuration allows: only these may be spoken to without TLS. */
  allow: readonly string[]
}

export function createMetadata({ http, clock, allow }: Parts) {
  const held = new LRUCache<string, { at: Ms; asked: Promise<Metadata> }>({ max: KEPT })

  async function ask(issuer: string): Promise<Metadata> {
    const at = `${checkIssuer(issuer, allow).href.replace(/\/$/, '')}/.well-known/openid-configuration`
    const answer = await http.request({ url: at, redirects: 0, timeouts: { total: 10_000 } })
    if (answer.status !== 200) {
      answer.discard()
      throw IssuerUnfit(`${answer.url.host} answers ${answer.status} where it should describe itself`)
    }
    const found = await answer.json(shape, 256 * 1024)
    // Whoever answers for another issuer would have its tokens taken for that one's.
    if (found.issuer !== issuer) throw IssuerUnfit(`${answer.url.host} calls itself something else`)
    for (const [name, value] of Object.entries(found))
      if (/_(endpoint|uri)$/.test(name) && typeof value === 'string') checkTls(new URL(value), allow)
    return found
  }

  return {
    /** Of now, or at most 5 minutes old. Throws the kernel's failures, UrlUnusable and IssuerUnfit. */
    async read(issuer: string): Promise<Metadata> {
      const now = clock.monotonic()
      const before = held.get(issuer)
      if (before && now - before.at < KEPT_MS) return before.asked
      const asked = ask(issuer)
      held.set(issuer, { at: now, asked })
      // What failed is asked again by the next one.
      asked.catch(() => held.delete(issuer))
      return asked
    },
  }
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
