import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { recordAlone } from '../../audit/index.ts'
import { type ApiTokens, GrantUnknown, type SignedIn, type SignInClient } from '../../identity/index.ts'
import type { Store } from '../../kernel/index.ts'
import { CONTROL_REGION } from '../audit.ts'
import type { Denials } from './audit-denials.ts'
import { type Route, route } from './route.ts'

/** What programs sign in with at `/oauth2/token`. */
export const GRANT_TYPES = ['client_credentials'] as const

const text = z.string().max(200)
const form = z.object({
  grant_type: text,
  client_id: text.optional(),
  client_secret: text.optional(),
  client_assertion_type: text.optional(),
  // Its own bound is said in the words of assertions.
  client_assertion: z.string().optional(),
})
const answer = z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int() })

type Parts = {
  store: Store
  apiTokens: ApiTokens
  signInClient: SignInClient
  denials: Denials
  reload: () => Promise<void>
}

/** The token endpoint of the API (RFC 6749). */
export function oauthRoutes({ store, apiTokens, signInClient, denials, reload }: Parts): Route[] {
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

  return [
    route({
      method: 'POST',
      url: '/oauth2/token',
      action: 'sign-in',
      allow: 'anyone',
      summary: 'A token for the API, for 15 minutes, in exchange for what a program signs in with',
      body: form,
      answers: { 200: answer },
      run: async ({ body, raw }) => {
        if (!GRANT_TYPES.some(known => known === body.grant_type)) throw GrantUnknown(GRANT_TYPES)
        const who = await signedIn(raw, body)
        await reload()
        const { token, expiresIn } = await apiTokens.issue(who)
        await record(raw, who)
        return { access_token: token, token_type: 'Bearer' as const, expires_in: expiresIn }
      },
    }),
  ]
}
