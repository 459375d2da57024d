import { z } from 'zod'
import { usageHours } from '../api/index.ts'
import type { Clock, Store } from '../kernel/index.ts'
import { readHeld, readServed, type Throttle } from '../registry/index.ts'
import type { NodeQuestions } from './node-questions.ts'

const MOST_IDENTITIES = 10
const one = z.object({ registry: z.string().max(70) })
const historyOf = one.extend({ hours: usageHours })

type Parts = { store: Store; clock: Clock; throttle: Throttle }

/** What its region holds of a registry, and how many requests this node had for it. */
export function createNodeUsage({ store, clock, throttle }: Parts): NodeQuestions {
  return {
    async 'GET usage/held'({ query }) {
      const { registry } = one.parse(query)
      return store.snapshot(db => readHeld(db, registry))
    },
    async 'GET usage/history'({ query }) {
      const { registry, hours } = historyOf.parse(query)
      return readServed(store.read, { registryId: registry, hours, now: clock.now() })
    },
    async 'GET usage/requests'({ query }) {
      const { all, identities } = throttle.use(one.parse(query).registry, clock.monotonic())
      const asked = ({ use }: (typeof identities)[number]) =>
        Object.values(use).reduce((sum, { used, refused }) => sum + used + refused, 0)
      const most = identities.filter(each => asked(each) > 0).sort((a, b) => asked(b) - asked(a))
      const told = most.slice(0, MOST_IDENTITIES).map(({ identity, use }) => ({ identity, ...use }))
      return { requests: all, identities: told }
    },
  }
}
