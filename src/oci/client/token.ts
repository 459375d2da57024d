import { isFields, readFields } from '../fields.ts'
import { isLoopback } from './address.ts'
import type { Challenge } from './challenge.ts'
import { Insecure, ProtocolBroken, RegistryUnauthorized } from './failures.ts'
import { readReply } from './reply.ts'
import { bodyOf, type HttpReply, type HttpSend } from './transport.ts'

/** Who asks: a name and a password, or what an earlier sign-in left (an OAuth2 refresh token). */
export type Credentials = { readonly username: string; readonly password: string } | { readonly identityToken: string }

export type Token = { readonly text: string; readonly seconds: number }
type Ask = {
  send: HttpSend
  /** The registry that asked for the token. */
  registry: URL
  challenge: Extract<Challenge, { scheme: 'bearer' }>
  scopes: readonly string[]
  credentials: Credentials | undefined
}

/** Fetches a token as Docker's token specification has it: by GET, and by POST where there is no GET. */
export async function fetchToken(ask: Ask): Promise<Token> {
  const realm = checkedRealm(ask.registry, ask.challenge.realm)
  const { credentials } = ask
  if (credentials && 'identityToken' in credentials) {
    return readToken(
      ask,
      await post(ask, realm, { grant_type: 'refresh_token', refresh_token: credentials.identityToken }),
    )
  }
  const reply = await get(ask, realm, credentials)
  if (credentials && (reply.status === 404 || reply.status === 405)) {
    reply.discard()
    return readToken(ask, await post(ask, realm, { grant_type: 'password', ...credentials }))
  }
  return readToken(ask, reply)
}

export function basic(credentials: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
}

// The realm gets the password, so it is reached at least as safely as the registry that named it.
function checkedRealm(registry: URL, text: string): URL {
  const realm = URL.parse(text)
  if (realm?.protocol === 'https:') return realm
  if (realm?.protocol !== 'http:')
    throw ProtocolBroken(registry.host, `its realm ${JSON.stringify(text)} is no web address`)
  const near = realm.host === registry.host || isLoopback(realm.hostname)
  if (registry.protocol === 'http:' && near) return realm
  throw Insecure(realm.host, `${registry.host} asks to fetch a token over plain http`)
}

function get(
  { send, challenge, scopes }: Ask,
  realm: URL,
  credentials: { username: string; password: string } | undefined,
): Promise<HttpReply> {
  const url = new URL(realm)
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  if (credentials) url.searchParams.set('account', credentials.username)
  return send({ method: 'GET', url, headers: credentials ? { authorization: basic(credentials) } : {} })
}

function post({ send, challenge, scopes }: Ask, url: URL, grant: Record<string, string>): Promise<HttpReply> {
  const form = new URLSearchParams({ ...grant, client_id: 'towpath', scope: scopes.join(' ') })
  if (challenge.service !== undefined) form.set('service', challenge.service)
  return send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: bodyOf(Buffer.from(form.toString())),
  })
}

async function readToken(ask: Ask, reply: HttpReply): Promise<Token> {
  const { host } = ask.registry
  if (reply.status === 400 || reply.status === 401 || reply.status === 403) {
    reply.discard()
    throw RegistryUnauthorized(host, ask.scopes.join(' ') || 'sign-in', ask.credentials !== undefined)
  }
  if (reply.status !== 200) {
    reply.discard()
    throw ProtocolBroken(host, `its token service answered with status ${reply.status}`)
  }
  const bytes = await readReply(reply, 64 * 1024, host)
  const fields = readFields(bytes, { bytes: 64 * 1024, depth: 16 }, why => ProtocolBroken(host, `its token: ${why}`))
  const text = [fields.token, fields.access_token].find(value => typeof value === 'string' && value !== '')
  // Anything but a token68 could smuggle a second header in.
  if (!isFields(fields) || typeof text !== 'string' || !/^[A-Za-z0-9._~+/=-]+$/.test(text)) {
    throw ProtocolBroken(host, 'its token service gave no token')
  }
  const seconds = fields.expires_in
  // 60 s is what the specification says where nothing is said.
  return { text, seconds: typeof seconds === 'number' && seconds > 0 ? seconds : 60 }
}
