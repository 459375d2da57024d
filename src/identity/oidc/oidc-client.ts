import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  ResponseBodyError,
  type ServerMetadata,
} from 'openid-client'
import { type Clock, Failure, type HttpClient } from '../../kernel/index.ts'
import { OidcAnswerWrong, OidcRefused, OidcUnreachable, SignInsBusy } from './failures.ts'
import { createMetadata, type Metadata } from './metadata.ts'
import { oidcFetch } from './oidc-fetch.ts'
import { type Person, personOf } from './person.ts'
import type { SignInProvider } from './provider.ts'

/** What only the browser that began a sign-in can show when it comes back. */
export type Login = { readonly state: string; readonly nonce: string; readonly verifier: string }

export type OidcClient = {
  /** Where the browser goes, and what is kept of it until it comes back. */
  start(provider: SignInProvider, redirectUri: string): Promise<{ url: string; login: Login }>
  /** Who came back: checked against all that was kept. `returned`: the query that the browser brings. */
  finish(provider: SignInProvider, secret: string, back: Returned): Promise<Person>
  /** Where the provider ends its own session; undefined where it can't. */
  endSessionUrl(provider: SignInProvider): Promise<string | undefined>
}

export type Returned = { readonly login: Login; readonly redirectUri: string; readonly returned: URLSearchParams }

/** Seconds. Clocks of two machines differ by this much at most. */
const SKEW = 60
/** At once, of one provider: a slow one keeps so many requests waiting and no more. */
const MOST_AT_ONCE = 16

type Parts = { http: HttpClient; clock: Clock; allow: readonly string[] }

/** The authorization code flow with PKCE, by openid-client. Keys are asked for at each sign-in, so a rotation needs nothing. */
export function createOidcClient({ http, clock, allow }: Parts): OidcClient {
  const metadata = createMetadata({ http, clock, allow })
  const ask = oidcFetch(http)
  const running = new Map<string, number>()

  function configure({ clientId }: SignInProvider, server: Metadata, auth: ClientAuth): Configuration {
    // Its types tell a field that is undefined from one that is not there; its code does not.
    const config = new Configuration(server as ServerMetadata, clientId, { [clockTolerance]: SKEW }, auth)
    config[customFetch] = ask
    // The id token comes over TLS and is signed all the same: the signature is looked at too.
    enableNonRepudiationChecks(config)
    // Which hosts may be spoken to without TLS is checked with the metadata, host by host.
    allowInsecureRequests(config)
    return config
  }

  async function once<T>({ id, title }: SignInProvider, work: () => Promise<T>): Promise<T> {
    const now = running.get(id) ?? 0
    if (now >= MOST_AT_ONCE) throw SignInsBusy(title)
    running.set(id, now + 1)
    try {
      return await work()
    } catch (error) {
      throw inWords(title, error)
    } finally {
      const left = (running.get(id) ?? 1) - 1
      if (left > 0) running.set(id, left)
      else running.delete(id)
    }
  }

  return {
    start: (provider, redirectUri) =>
      once(provider, async () => {
        const server = await metadata.read(provider.issuer)
        const login = { state: random(clock), nonce: random(clock), verifier: random(clock) }
        const url = buildAuthorizationUrl(configure(provider, server, None()), {
          redirect_uri: redirectUri,
          scope: provider.scopes.join(' '),
          state: login.state,
          nonce: login.nonce,
          code_challenge: await calculatePKCECodeChallenge(login.verifier),
          code_challenge_method: 'S256',
          response_mode: 'query',
        })
        return { url: url.href, login }
      }),

    finish: (provider, secret, { login, redirectUri, returned }) =>
      once(provider, async () => {
        const server = await metadata.read(provider.issuer)
        const config = configure(provider, server, authBy(server, secret))
        const tokens = await authorizationCodeGrant(config, new URL(`${redirectUri}?${returned}`), {
          pkceCodeVerifier: login.verifier,
          expectedState: login.state,
          expectedNonce: login.nonce,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) throw OidcAnswerWrong(provider.title, 'there is no id token')
        if (claims.iat > clock.now() / 1000 + SKEW)
          throw OidcAnswerWrong(provider.title, 'its id token was issued in the future')
        // Many providers put mail and groups there only.
        const more = config.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(config, tokens.access_token, claims.sub)
          : {}
        return personOf(provider, { ...more, ...claims })
      }),

    async endSessionUrl({ issuer, clientId }) {
      const { end_session_endpoint: endpoint } = await metadata.read(issuer)
      if (endpoint === undefined) return undefined
      const url = new URL(endpoint)
      url.searchParams.set('client_id', clientId)
      return url.href
    },
  }
}

/** Basic is what every provider must take, unless it says otherwise. */
function authBy({ token_endpoint_auth_methods_supported: methods }: Metadata, secret: string): ClientAuth {
  return methods === undefined || methods.includes('client_secret_basic')
    ? ClientSecretBasic(secret)
    : ClientSecretPost(secret)
}

function random(clock: Clock): string {
  return Buffer.from(clock.bytes(32)).toString('base64url')
}

/**
 * In words of ours, and without the library's causes: those hold tokens, which must be in no log. What the kernel
 * says of the network is kept.
 */
function inWords(title: string, error: unknown): Error {
  if (error instanceof AuthorizationResponseError) return OidcRefused(title, codeOf(error.error))
  const chain = causes(error)
  const failure = chain.find(one => one instanceof Failure)
  if (failure?.status === 401 || failure?.status === 429) return failure
  if (failure) return OidcUnreachable(title, failure.message).from(failure)
  if (error instanceof ResponseBodyError) return OidcAnswerWrong(title, `it refuses with ${codeOf(error.error)}`)
  const [first, second] = chain
  if (!first || !('code' in first) || first instanceof TypeError) return first ?? new Error(String(error))
  return OidcAnswerWrong(title, ((second ?? first).message || first.message).slice(0, 200))
}

function causes(error: unknown): Error[] {
  const found: Error[] = []
  for (let one = error; one instanceof Error && found.length < 5; one = one.cause) found.push(one)
  return found
}

function codeOf(text: string): string {
  return /^[a-z_]{1,60}$/.test(text) ? text : 'an error without a name'
}
