import { z } from 'zod'
import { deviceAnswer, deviceShape, nothing } from '../../api/index.ts'
import { type DeviceFlow, devices, NotByThis, userCodeText } from '../../identity/index.ts'
import type { Store } from '../../kernel/index.ts'
import { OWN_SESSION, type Route, route } from './route.ts'
import type { Session } from './session.ts'

const params = z.object({ userCode: z.string().max(20) })

/** Where a person answers a command line that waits: the page `/device`. */
export function deviceRoutes({ store, deviceFlow }: { store: Store; deviceFlow: DeviceFlow }): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/device/:userCode',
      action: 'device.read',
      allow: 'signed-in',
      summary: 'A command line that waits to be signed in, by the code that it shows',
      params,
      answers: { 200: deviceShape },
      run: async ({ params, raw, reply }) => {
        reply.header('x-towpath-policy', OWN_SESSION)
        const found = await deviceFlow.find(params.userCode, raw.socket.remoteAddress ?? '')
        return { ...found, userCode: userCodeText(found.userCode) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/device/:userCode',
      action: 'device.answer',
      allow: 'signed-in',
      summary: 'Sign it in as the one who asks, or refuse it',
      params,
      body: deviceAnswer,
      answers: { 204: nothing },
      run: async ({ params, body, raw, reply, session }) => {
        reply.header('x-towpath-policy', OWN_SESSION)
        const by = signedInBy(session())
        const { userCode } = await deviceFlow.find(params.userCode, raw.socket.remoteAddress ?? '')
        const { principal } = session()
        const from = { ...session().audit(principal.tenantId), policyId: OWN_SESSION }
        await store.write(devices.answer, { userCode, allow: body.allow, principal, ...by, from })
        reply.code(204)
      },
    }),
  ]
}

/**
 * A person in a browser, or the admin by password. Never a token: one that was copied would make itself a session of
 * 30 days.
 */
function signedInBy({ principal, cookie, proof }: Session): { signedInBy: string; proof: string } {
  if (principal.kind !== 'user') throw NotByThis()
  if (cookie) return { signedInBy: cookie.session.signedInBy, proof: cookie.session.proof }
  if (!proof.startsWith('password:')) throw NotByThis()
  return { signedInBy: 'password', proof: proof.slice('password:'.length) }
}
