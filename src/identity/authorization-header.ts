import { failure } from '../kernel/index.ts'

export type Credentials =
  | { readonly scheme: 'basic'; readonly user: string; readonly password: string }
  | { readonly scheme: 'bearer'; readonly token: string }

/** `user`: the name that was given with a password which is not of it; the one who asks knows it. */
export const Unauthorized = failure('UNAUTHORIZED', 401, (why: string, user?: string) => ({
  says: why,
  next: 'Check name and password. docker and the like sign in by their login command, towpath by towpath login or TOWPATH_PASSWORD',
  ...(user === undefined ? {} : { detail: { user } }),
}))

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/
const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads an `Authorization` header; never repeats any of it in an error. */
export function parseAuthorization(header: string): Credentials {
  const space = header.indexOf(' ')
  const scheme = header.slice(0, Math.max(space, 0)).toLowerCase()
  const value = header.slice(space + 1).trim()
  if (scheme === 'bearer') {
    if (!JWT.test(value)) throw Unauthorized('The bearer token has not the form of a token')
    return { scheme, token: value }
  }
  if (scheme !== 'basic') throw Unauthorized('The Authorization header is neither Basic nor Bearer')
  const text = BASE64.test(value) ? decode(value) : undefined
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon === -1 || text.includes('\0')) {
    throw Unauthorized('The Basic credentials are not base64 of <user>:<password>')
  }
  return { scheme, user: text.slice(0, colon), password: text.slice(colon + 1) }
}

function decode(value: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(value, 'base64'))
  } catch (error) {
    // The decoder's only complaint; the caller words it without the bytes.
    if (error instanceof TypeError) return undefined
    throw error
  }
}
