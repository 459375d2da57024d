import { queryOptions } from '@tanstack/react-query'
import type { Session, SessionBody, SessionList, SignedOut, SignIn } from '../../../src/api/index.ts'
import { call, path, setCsrfToken } from './call.ts'

export type TenantSeen = Session['tenants'][number]

/** Who is signed in. A Problem of status 401 where nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => keep(await call<Session>('GET', '/api/v1/session', { signal })),
  staleTime: 60_000,
})

export const signInWaysQuery = (tenant: string) =>
  queryOptions({
    queryKey: ['sign-in', tenant],
    queryFn: ({ signal }) => {
      const query = tenant === '' ? '' : `?tenant=${encodeURIComponent(tenant)}`
      return call<SignIn>('GET', `/api/v1/sign-in${query}`, { signal })
    },
  })

export async function signIn(input: SessionBody): Promise<Session> {
  return keep(await call<Session>('POST', '/api/v1/session', { body: input }))
}

/** Where the provider wants to hear of it too: the address to go to. */
export async function signOut(): Promise<string | undefined> {
  const { endSessionUrl } = await call<SignedOut>('DELETE', '/api/v1/session')
  return endSessionUrl
}

/** One's own, the newest first. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => (await call<SessionList>('GET', '/api/v1/sessions', { signal })).sessions.toReversed(),
})

export function endSession(id: string): Promise<void> {
  return call('DELETE', path`/api/v1/sessions/${id}`)
}

function keep(session: Session): Session {
  setCsrfToken(session.csrfToken ?? '')
  return session
}
