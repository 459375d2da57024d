import { queryOptions } from '@tanstack/react-query'
import type { SecretList } from '../../../src/api/index.ts'
import { call } from './call.ts'

export type SecretAge = SecretList['secrets'][number]
export type SecretAges = {
  readonly secrets: readonly SecretAge[]
  /** The platform's clock. */
  readonly now: number
  /** There are more than were read. */
  readonly more: boolean
}

const PAGE = 1000
/** Ten answers: whoever has more looks by the command line. */
const MOST = 10_000

/** Every secret by age, what is due first; none of them is told. */
export const secretAgesQuery = queryOptions({
  queryKey: ['secret-ages'],
  queryFn: async ({ signal }): Promise<SecretAges> => {
    const secrets: SecretAge[] = []
    for (let after = ''; ; ) {
      const query = new URLSearchParams({ limit: String(PAGE), after })
      const page = await call<SecretList>('GET', `/api/v1/secrets?${query}`, { signal })
      secrets.push(...page.secrets)
      if (page.next === undefined || secrets.length >= MOST) {
        secrets.sort((a, b) => a.dueAt - b.dueAt)
        return { secrets, now: page.now, more: page.next !== undefined }
      }
      after = page.next
    }
  },
})
