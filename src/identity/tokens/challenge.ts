import { HostMalformed, parseHost } from '../host.ts'

/** What a challenge asks for where no repository is meant: ACR's clients need a scope in every one. */
const NO_REPOSITORY = 'registry:catalog:*'

/**
 * The `WWW-Authenticate` header that sends a client to this host's token endpoint, with realm, service and scope
 * in every case. The realm is the very host that was called: one behind another name would send passwords elsewhere.
 *
 * `scope` as `formatScope` gives it; none where signing in alone is asked (`GET /v2/`).
 */
export function challenge(to: { host: string; tls: boolean; scope?: string; error?: 'insufficient_scope' }): string {
  const host = parseHost(to.host)
  if (host === undefined) throw HostMalformed(to.host)
  // Scopes hold no quote and no control character when made by us; a repository's name from a URL is checked before.
  const scope = (to.scope ?? NO_REPOSITORY).replaceAll(/[^\x21\x23-\x5b\x5d-\x7e ]/g, '')
  const realm = `${to.tls ? 'https' : 'http'}://${host}/oauth2/token`
  const parts = [`Bearer realm="${realm}"`, `service="${host}"`, `scope="${scope}"`]
  if (to.error !== undefined) parts.push(`error="${to.error}"`)
  return parts.join(',')
}
