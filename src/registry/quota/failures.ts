import { failure } from '../../kernel/index.ts'

type Over = { policy: string; of: 'registry' | 'repository'; limit: number; held: number; more: number }

// Not 429: clients try that again, and here nothing changes by itself.
export const QuotaExceeded = failure('DENIED', 403, (repository: string, { policy, of, limit, held, more }: Over) => {
  const whose = of === 'registry' ? 'The registry' : `Repository ${repository}`
  const wants = more === 0 ? 'which is' : `and ${more} more would pass`
  return {
    says: `${whose} holds ${held} bytes, ${wants} the ${limit} that quota "${policy}" allows`,
    next: 'Delete what is not needed: its bytes count until collection has removed them. Or have the quota raised: towpath policy update',
    detail: { policy, of, limit, held, more },
  }
})
