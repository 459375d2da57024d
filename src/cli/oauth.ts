import { text } from 'node:stream/consumers'
import type { z } from 'zod'
import { type ApiToken, apiTokenShape, cliClientId, oauthErrorShape } from '../api/index.ts'
import { Failure } from '../kernel/index.ts'
import { clock } from './clock.ts'
import { changeLogin, type Login, readLogin } from './credentials-file.ts'
import { AnswerUnknown, LoginExpired, NotTowpath, OAuthRefused } from './failures.ts'
import { parseJson, send } from './send.ts'

/** A token that ends within this is renewed first: the request takes some time too. */
const EARLY_MS = 60_000

/** A form to OAuth2's endpoints; a refusal is thrown as `OAuthRefused`. */
export async function postForm<S extends z.ZodType>(
  server: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  answer: S,
): Promise<z.output<S>> {
  const body = new URLSearchParams({ client_id: cliClientId.value, ...fields }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await send(server, { method: 'POST', path, headers, body })
  const parsed = parseJson(await text(response))
  const status = response.statusCode ?? 0
  if (status === 200) {
    const good = answer.safeParse(parsed)
    if (good.success) return good.data
    throw AnswerUnknown('it is no answer of a token endpoint')
  }
  const told = oauthErrorShape.safeParse(parsed)
  if (!told.success) throw NotTowpath(server, status)
  throw OAuthRefused(told.data.error, told.data.error_description ?? '')
}

/** What a token endpoint refused with, in OAuth2's words; undefined where it is another failure. */
export function oauthError(error: unknown): unknown {
  return error instanceof Failure && error.is(OAuthRefused) ? error.detail.error : undefined
}

/** As it is kept. */
export function loginOf(token: ApiToken): Login {
  const { access_token: accessToken, expires_in, refresh_token: refreshToken, session_id: sessionId } = token
  if (refreshToken === undefined || sessionId === undefined) throw AnswerUnknown('it has no refresh token')
  return { accessToken, expiresAt: clock.now() + expires_in * 1000, refreshToken, sessionId }
}

/** The access token that is kept and still good; never renewed, so that whoever asks may stop at any moment. */
export async function heldToken(server: string): Promise<string | undefined> {
  const held = await readLogin(process.env, server)
  return held && held.expiresAt > clock.now() ? held.accessToken : undefined
}

/**
 * The access token of `towpath login`, renewed where it is about to end; undefined where nobody logged in to that
 * server. `refused`: the one that the server takes no more.
 */
export async function loginToken(server: string, refused?: string): Promise<string | undefined> {
  const isGood = (held: Login) => held.accessToken !== refused && held.expiresAt - EARLY_MS > clock.now()
  const before = await readLogin(process.env, server)
  if (!before || isGood(before)) return before?.accessToken
  let over: Error | undefined
  const after = await changeLogin(process.env, server, async held => {
    // Another command renewed it while this one waited.
    if (!held || isGood(held)) return held
    const fields = { grant_type: 'refresh_token', refresh_token: held.refreshToken }
    try {
      return loginOf(await postForm(server, '/oauth2/token', fields, apiTokenShape))
    } catch (error) {
      if (oauthError(error) !== 'invalid_grant') throw error
      over = LoginExpired(server).from(error)
      return undefined
    }
  })
  if (over) throw over
  return after?.accessToken
}
