import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, failure } from '../../kernel/index.ts'
import { type Access, ANONYMOUS, type Caller, type RegistryAction } from '../access.ts'
import { Unauthorized } from '../authorization-header.ts'
import type { Authorizer } from '../authorizer.ts'
import { HostMalformed, parseHost } from '../host.ts'
import { signLogin } from '../registry-access/login.ts'
import type { KeyRing } from './key-ring.ts'
import { parseScope, ScopeMalformed } from './scope.ts'
import { MAX_CHARS } from './signed.ts'
import { claimsOurs, isApiToken, signToken, type TokenKind } from './token.ts'
import { readForm, readTokenRequest, TokenForm, TokenMethod, type TokenRequest } from './token-request.ts'

/** Answers at each of `tokenPaths`. Rejects with a failure before it has written anything. */
export type TokenEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** ACR's two, and the one that the first versions had. */
export const tokenPaths: ReadonlySet<string> = new Set(['/oauth2/token', '/oauth2/exchange', '/token'])

type Parts = {
  authorizer: Authorizer
  keys: KeyRing
  clock: Clock
  /** Counts a request of one who is known, at the host `audience`; throws where there were too many. */
  count: (audience: string, caller: Caller) => void
}

export const NothingToExchange = failure('UNAUTHORIZED', 401, () => ({
  says: 'This is no token of this platform, and no other sign-in service is trusted here',
  next: 'Bring a token of the API (POST /oauth2/token at control), or a refresh token of this registry (POST /oauth2/token here with grant_type=password&access_type=offline)',
}))

const ALL_ACTIONS: readonly RegistryAction[] = ['pull', 'push', 'delete', 'metadata_read', 'metadata_write']

/**
 * The token flow of Docker and ACR: a password, a refresh token or nobody comes in, a token for one host and the
 * scopes that may be granted goes out. Less than was asked may be granted; the registry's answer then says so.
 */
export function createTokenEndpoint({ authorizer, keys, clock, count }: Parts): TokenEndpoint {
  function granted(caller: Caller, asked: readonly Access[], registryId: string): Access[] {
    const may = (action: RegistryAction, repository: string) =>
      authorizer.may(caller, action, { registryId, repository }).allowed
    return asked.flatMap(({ type, name, actions }): Access[] => {
      if (type === 'registry') return may('catalog', '') ? [{ type, name, actions }] : []
      const allowed = ALL_ACTIONS.filter(action => has(actions, action) && may(action, name))
      return allowed.length === 0 ? [] : [{ type, name, actions: allowed }]
    })
  }

  async function whoIs({ who }: TokenRequest, audience: string, from: string | undefined): Promise<Caller> {
    if (who.kind === 'password') return authorizer.admit(who.authorization, audience, from)
    if (who.kind === 'refresh') return authorizer.admitRefresh(who.token, audience)
    const { registryId } = authorizer.shownAt(audience)
    const open = authorizer.may(ANONYMOUS, 'pull', { registryId, repository: '' }).allowed
    if (who.asked && !open) throw Unauthorized('Nobody may pull from this registry without signing in')
    return ANONYMOUS
  }

  async function give(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readTokenRequest(request)
    const audience = hostOf(asked.service ?? request.headers.host)
    const scopes = parseScope(asked.scopes)
    const caller = await whoIs(asked, audience, request.socket.remoteAddress)
    count(audience, caller)
    const { registryId, shared } = authorizer.shownAt(audience)
    const access = granted(caller, scopes, registryId)
    const claims = { caller: caller.id, audience, registryId, shared, access, proof: caller.proof }
    const sign = (kind: TokenKind) => signToken(keys, clock, { ...claims, kind }, caller.ends)
    const { token, issued, expires } = await sign('access_token')
    if (token.length > MAX_CHARS) throw ScopeMalformed('what it grants fits no request header')
    // Only for a password: one refresh token that bought another would never end.
    const refresh = asked.offline && asked.who.kind === 'password' ? await sign('refresh_token') : undefined
    answer(response, {
      token,
      access_token: token,
      expires_in: expires - issued,
      issued_at: new Date(issued * 1000).toISOString(),
      ...(refresh === undefined ? {} : { refresh_token: refresh.token }),
    })
  }

  /**
   * ACR's clients bring what a sign-in service gave them. Here that is a token of our API, or a refresh token of ours:
   * that gives one that ends with it.
   */
  async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') throw TokenMethod(request.method ?? '')
    const form = await readForm(request)
    const grant = form.get('grant_type') ?? ''
    if (!EXCHANGES.has(grant)) throw TokenForm(`grant_type "${grant.slice(0, 50)}" is not known here`)
    const given = form.get(grant === 'refresh_token' ? 'refresh_token' : 'access_token') ?? ''
    if (!claimsOurs(given)) throw NothingToExchange()
    const audience = hostOf(form.get('service') ?? request.headers.host)
    const fromApi = grant === 'access_token' && isApiToken(given)
    const caller = await (fromApi ? authorizer.admitApiToken : authorizer.admitRefresh)(given, audience)
    count(audience, caller)
    answer(response, {
      refresh_token: (await signLogin(keys, clock, caller, authorizer.shownAt(audience))).refreshToken,
    })
  }

  return (request, response) => {
    const path = request.url?.split('?', 1)[0]
    return path === '/oauth2/exchange' ? exchange(request, response) : give(request, response)
  }
}

const EXCHANGES: ReadonlySet<string> = new Set(['access_token', 'access_token_refresh_token', 'refresh_token'])

function answer(response: ServerResponse, value: object): void {
  const body = JSON.stringify(value)
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  })
  response.end(body)
}

function hostOf(text: string | undefined): string {
  const host = parseHost(text)
  if (host === undefined) throw HostMalformed(text ?? '')
  return host
}

function has(actions: readonly string[], action: string): boolean {
  return actions.includes('*') || actions.includes(action)
}
