import { z } from 'zod'
import { adminPasswordBody, adminPasswordList, adminPasswordShape } from '../../api/index.ts'
import { readCredentials, rotateAdminPassword } from '../../identity/index.ts'
import type { Clock, Store } from '../../kernel/index.ts'
import { auditFrom } from '../audit.ts'
import { type Route, route } from './route.ts'

const slot = z.enum(['1', '2']).transform(text => (text === '1' ? 1 : 2))

type Parts = { store: Store; clock: Clock }

/** The two passwords of the local admin. */
export function adminRoutes({ store, clock }: Parts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/admin/passwords',
      action: 'admin.list',
      allow: 'admin',
      summary: 'Which passwords there are, and since when',
      answers: { 200: adminPasswordList },
      run: async () => {
        const held = await readCredentials(store.read)
        return { passwords: held.map(({ slot, changedAt }) => ({ slot, changedAt })), now: clock.now() }
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/admin/passwords/:slot',
      action: 'admin.rotate',
      allow: 'admin',
      summary: 'Replace one password, or fill the empty second one; the other keeps working',
      params: z.object({ slot }),
      body: adminPasswordBody,
      answers: { 200: adminPasswordShape },
      run: async ({ params, body, raw }) => {
        const from = auditFrom(raw)
        const password = await rotateAdminPassword({ store, clock, slot: params.slot, password: body?.password, from })
        return { user: 'admin' as const, slot: params.slot, password }
      },
    }),
  ]
}
