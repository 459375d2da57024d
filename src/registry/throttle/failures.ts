import { failure, type Ms } from '../../kernel/index.ts'
import type { OperationClass } from './limits.ts'

// Or 40 s would be 41 where the sum of parts is a little short of it.
const ROUNDING_MS = 1

type Of = 'registry' | 'identity'

export const TooManyRequests = failure(
  'TOOMANYREQUESTS',
  429,
  (kind: OperationClass, of: Of, perMinute: number, wait: Ms) => {
    const retryAfter = Math.max(1, Math.ceil((wait - ROUNDING_MS) / 1000))
    const whose = of === 'registry' ? 'This registry takes' : 'One identity may make'
    return {
      says: `${whose} ${perMinute} ${kind} requests a minute, and there were more`,
      next: `Try again in ${retryAfter} s; who runs the registry sees who asks, and raises the limit: towpath registry show-usage, towpath registry update --throttle`,
      detail: { class: kind, of, perMinute, retryAfter },
    }
  },
)
