import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ApiToken, apiTokenShape, cliClientId, deviceGrant, deviceStarted } from '../../api/index.ts'
import { recordAlone } from '../../audit/index.ts'
import {
  type ApiTokens,
  type DeviceFlow,
  GrantUnknown,
  InvalidRequest,
  type Opened,
  type SignedIn,
  type SignInClient,
} from '../../identity/index.ts'
import type { Store } from '../../kernel/index.ts'
import { CONTROL_REGION } from '../audit.ts'
import type { Denials } from './audit-denials.ts'
import { type Route, route } from './route.ts'

const DEVICE_GRANT = deviceGrant.value
/** What is taken at `/oauth2/token`: the first of programs, the others of command lines. */
export const GRANT_TYPES = ['client_credentials', DEVICE_GRANT, 'refresh_token'] as const

const text = z.string().max(200)
const form = z.object({
  grant_type: text,
  client_id: text.optional(),
  client_secret: text.optional(),
  client_assertion_type: text.optional(),
  // Its own bound is said in the words of assertions.
  client_assertion: z.string().optional(),
  device_code: text.optional(),
  refresh_token: text.optional(),
})

type Parts = {
  store: Store
  apiTokens: ApiTokens
  signInClient: SignInClient
  deviceFlow: DeviceFlow
  denials: Denials
  reload: () => Promise<void>
  /** What a browser calls this host. */
  originOf: (request: FastifyRequest) => string
}

/** The token endpoint of the API (RFC 6749), and where a command line begins to sign in (RFC 8628). */
export function oauthRoutes(parts: Parts): Route[] {
  const { store, apiTokens, signInClient, deviceFlow, denials, reload, originOf } = parts

  async function signedIn(raw: FastifyRequest, body: z.output<typeof form>): Promise<SignedIn> {
    const claim = {
      header: raw.headers.authorization,
      clientId: body.client_id,
      clientSecret: body.client_secret,
      assertionType: body.client_assertion_type,
      assertion: body.client_assertion,
      from: raw.socket.remoteAddress ?? '',
    }
    try {
      return await signInClient(claim)
    } catch (error) {
      await denials(raw, error)
      throw error
    }
  }

  async function record({ id: requestId }: FastifyRequest, { principal, proof }: SignedIn): Promise<void> {
    const { tenantId, id: resource } = principal
    const who = { tenantId, actor: principal, onBehalfOf: [], requestId }
    const what = { action: 'sign-in', resource, result: 'done' as const, detail: { by: proof } }
    await store.write(recordAlone, { region: CONTROL_REGION, entry: { ...who, ...what } })
  }

  async function tokenOf(who: SignedIn): Promise<ApiToken> {
    await reload()
    const { token, expiresIn } = await apiTokens.issue(who)
    return { access_token: token, token_type: 'Bearer', expires_in: expiresIn }
  }

  async function tokensOf({ signedIn: who, refreshToken, sessionId }: Opened): Promise<ApiToken> {
    return { ...(await tokenOf(who)), refresh_token: refreshToken, session_id: sessionId }
  }

  return [
    route({
      method: 'POST',
      url: '/oauth2/token',
      action: 'sign-in',
      allow: 'anyone',
      summary: 'A token for the API, for 15 minutes, in exchange for what a program or a command line signs in with',
      body: form,
      answers: { 200: apiTokenShape },
      run: async ({ body, raw }) => {
        const grant = body.grant_type
        if (grant === 'client_credentials') {
          const who = await signedIn(raw, body)
          const token = await tokenOf(who)
          await record(raw, who)
          return token
        }
        if (grant !== DEVICE_GRANT && grant !== 'refresh_token') throw GrantUnknown(GRANT_TYPES)
        checkClient(body.client_id)
        const shown = grant === DEVICE_GRANT ? body.device_code : body.refresh_token
        if (shown === undefined) throw InvalidRequest(`it has no ${grant === DEVICE_GRANT ? 'device_code' : grant}`)
        const opened = await (grant === DEVICE_GRANT
          ? deviceFlow.poll(shown, raw.id)
          : deviceFlow.refresh(shown, raw.id))
        return tokensOf(opened)
      },
    }),
    route({
      method: 'POST',
      url: '/oauth2/device_authorization',
      action: 'sign-in.start',
      allow: 'anyone',
      summary: 'Begin to sign a command line in: a code for the person, and one to ask with whether that has answered',
      body: z.object({ client_id: text.optional() }),
      answers: { 200: deviceStarted },
      run: async ({ body, raw }) => {
        checkClient(body.client_id)
        const started = await deviceFlow.start(raw.socket.remoteAddress ?? 'a unix socket')
        const page = `${originOf(raw)}/device`
        return {
          device_code: started.deviceCode,
          user_code: started.userCode,
          verification_uri: page,
          verification_uri_complete: `${page}?code=${started.userCode}`,
          expires_in: started.expiresIn,
          interval: started.interval,
        }
      },
    }),
  ]
}

/** The only public client that there is: whoever says so may ask, and a person allows it. */
function checkClient(id: string | undefined): void {
  if (id !== cliClientId.value) throw InvalidRequest(`client_id is not "${cliClientId.value}"`)
}
