import type { IncomingMessage } from 'node:http'
import { failure } from '../../kernel/index.ts'

/** Who asks for a token, and for which host and scopes. */
export type TokenRequest = {
  readonly who:
    | { readonly kind: 'password'; readonly authorization: string }
    | { readonly kind: 'refresh'; readonly token: string }
    /** `asked`: the request says that it wants to be nobody, so it is told where nobody may do anything. */
    | { readonly kind: 'nobody'; readonly asked: boolean }
  readonly service: string | undefined
  readonly scopes: readonly string[]
  /** A refresh token is wanted too. */
  readonly offline: boolean
}

export const TokenMethod = failure('UNSUPPORTED', 405, (method: string) => ({
  says: `A token is asked for with GET or POST, not ${method}`,
  next: 'Send GET /oauth2/token?service=<host>&scope=<scope>',
}))

export const TokenForm = failure('UNSUPPORTED', 400, (why: string) => ({
  says: `The token request can't be answered: ${why}`,
  next: 'Send grant_type=password with username and password, grant_type=refresh_token with refresh_token, or GET with Basic credentials',
}))

const FORM_BYTES = 64 * 1024
const FORM_TYPE = 'application/x-www-form-urlencoded'

/**
 * Docker's and ACR's ways of asking: GET with Basic or nothing, POST with one of OAuth2's forms.
 *
 * Sources: distribution/docs/content/spec/auth/token.md and oauth.md; Azure/acr docs/AAD-OAuth.md.
 */
export async function readTokenRequest(request: IncomingMessage): Promise<TokenRequest> {
  const method = request.method ?? ''
  if (method !== 'GET' && method !== 'POST') throw TokenMethod(method)
  const basic = basicOnly(request.headers.authorization)
  if (method === 'GET') {
    const query = new URLSearchParams(request.url?.split('?', 2)[1] ?? '')
    const who = basic === undefined ? nobody(false) : ({ kind: 'password', authorization: basic } as const)
    // `offline_token` is a wish: docker would keep what it gets for ever, and this one ends.
    return { who, ...target(query), offline: false }
  }
  const form = await readForm(request)
  return { who: fromForm(form), ...target(form), offline: form.get('access_type') === 'offline' }
}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== undefined && type !== FORM_TYPE) throw TokenForm(`its content type is not ${FORM_TYPE}`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > FORM_BYTES) throw TokenForm(`its form is larger than ${FORM_BYTES} bytes`)
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

function fromForm(form: URLSearchParams): TokenRequest['who'] {
  const grant = form.get('grant_type')
  const token = form.get('refresh_token') ?? ''
  if (grant === 'refresh_token') {
    if (token === '') throw TokenForm('it has no refresh_token')
    return { kind: 'refresh', token }
  }
  if (grant !== 'password') throw TokenForm(`grant_type "${(grant ?? '').slice(0, 50)}" is not known here`)
  // No user means nobody: ACR's clients send an empty refresh_token with it.
  const user = form.get('username') ?? ''
  if (user === '') return nobody(true)
  const text = `${user}:${form.get('password') ?? ''}`
  return { kind: 'password', authorization: `Basic ${Buffer.from(text).toString('base64')}` }
}

function nobody(asked: boolean): TokenRequest['who'] {
  return { kind: 'nobody', asked }
}

function target(params: URLSearchParams): { service: string | undefined; scopes: readonly string[] } {
  return { service: params.get('service') ?? undefined, scopes: params.getAll('scope') }
}

/** An access token can't buy another: that would make five minutes for ever. */
function basicOnly(header: string | undefined): string | undefined {
  if (header !== undefined && /^bearer /i.test(header)) throw TokenForm('it carries an access token, not a password')
  return header
}
