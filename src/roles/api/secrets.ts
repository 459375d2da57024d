import { secretList, secretsQuery } from '../../api/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { readPage } from '../secret-ages/page.ts'
import type { SecretSource } from '../secret-ages/source.ts'
import { dueAt, stateOf } from '../secret-ages/state.ts'
import { type Route, route } from './route.ts'

type Parts = { clock: Clock; sources: readonly SecretSource[] }

/** How old every secret is: never what it is. */
export function secretRoutes({ clock, sources }: Parts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/secrets',
      action: 'secret.list',
      allow: 'admin',
      summary: 'Every secret by age, with what is due to be replaced; `next` is the `after` of the page behind',
      query: secretsQuery,
      answers: { 200: secretList },
      run: async ({ query: { after, limit } }) => {
        const { secrets, next } = await readPage(sources, after, limit)
        const now = clock.now()
        return {
          secrets: secrets.map(({ key: _, ...age }) => ({ ...age, dueAt: dueAt(age), state: stateOf(age, now) })),
          now,
          ...(next === undefined ? {} : { next }),
        }
      },
    }),
  ]
}
