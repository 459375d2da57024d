import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose'
import type { SignInProvider } from './provider.ts'

type Key = { kid: string; privateKey: CryptoKey; publicJwk: JWK }
type Claims = Record<string, unknown>

/** What the next sign-in meets. Each test bends one of them. */
export type Behaviour = {
  claims: Claims
  header: Partial<JWTHeaderParameters>
  /** Instead of a token that the provider's key signed. */
  idToken?: (claims: Claims) => Promise<string> | string
  userinfo: Claims
  metadata: Claims
  /** Keys that are published, if not all. */
  jwks?: { keys: JWK[] }
  /** Answers a request itself: true. */
  answer?: (req: IncomingMessage, res: ServerResponse) => boolean
}

export async function newProviderKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
}

/** An OpenID provider on loopback that says whatever a test wants. */
export async function openFakeProvider() {
  const keys = [await newProviderKey('first')]
  const asked: string[] = []
  const forms: URLSearchParams[] = []
  let behaviour: Behaviour = { claims: {}, header: {}, userinfo: {}, metadata: {} }
  let nonce = ''
  const server = createServer((req, res) => void answer(req, res))
  await new Promise<void>(done => void server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function idToken(): Promise<string> {
    const [key] = keys.slice(-1)
    if (!key) throw new Error('It has no key')
    const now = Math.floor(Date.now() / 1000)
    const usual = { iss: issuer, sub: 'subject-1', aud: 'client', iat: now, exp: now + 300, nonce }
    const claims = Object.fromEntries(
      Object.entries({ ...usual, ...behaviour.claims }).filter(([, value]) => value !== undefined),
    )
    if (behaviour.idToken) return behaviour.idToken(claims)
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...behaviour.header })
      .sign(key.privateKey)
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url?.split('?')[0] ?? ''
    asked.push(path)
    if (behaviour.answer?.(req, res)) return
    const send = (body: unknown) => {
      res.setHeader('content-type', 'application/json')
      res.end(JSON.stringify(body))
    }
    if (path === '/.well-known/openid-configuration') {
      const ends = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
      return send({ issuer, ...ends, jwks_uri: `${issuer}/jwks`, ...behaviour.metadata })
    }
    if (path === '/jwks') return send(behaviour.jwks ?? { keys: keys.map(one => one.publicJwk) })
    if (path === '/userinfo') return send({ sub: 'subject-1', ...behaviour.userinfo })
    if (path !== '/token') return void res.writeHead(404).end()
    forms.push(new URLSearchParams(await text(req)))
    send({ access_token: 'access', token_type: 'Bearer', id_token: await idToken() })
  }

  return {
    issuer,
    keys,
    /** Paths in the order that they were asked. */
    asked,
    /** What came to the token endpoint. */
    forms,
    /** The nonce that the id token carries: that of the last start, unless a test says otherwise. */
    expect: (value: string) => {
      nonce = value
    },
    behave: (next: Partial<Behaviour>) => {
      behaviour = { claims: {}, header: {}, userinfo: {}, metadata: {}, ...next }
    },
    provider: (more: Partial<SignInProvider> = {}): SignInProvider => ({
      ...{ tenantId: 'ten_a', id: 'sip_1', name: 'corp', title: 'Corp', issuer, clientId: 'client' },
      ...{
        scopes: ['openid', 'email'],
        groupsClaim: '',
        provisioning: 'invited',
        invitedBy: 'mail',
        groups: [],
        createdAt: 1,
      },
      ...more,
    }),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
