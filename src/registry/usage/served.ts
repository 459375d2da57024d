import type { Throttle, Use } from '../throttle/throttle.ts'
import type { Moved, MovedOf } from './moved.ts'

/** What was served of a registry: requests by class, let through and refused, and what moved. */
export type Served = Readonly<MovedOf> & { readonly requests: Use }

const none = { used: 0, refused: 0 }
export const NOTHING: Served = {
  requests: { read: none, write: none, delete: none, referrers: none, oauth: none },
  ...{ pulls: 0, pushes: 0, bytesOut: 0, bytesIn: 0 },
}

/** Of each registry, since this process began. */
export function totalsOf({ throttle, moved }: { throttle: Throttle; moved: Moved }): Map<string, Served> {
  const requests = throttle.totals()
  const bytes = moved.totals()
  const ids = new Set([...requests.keys(), ...bytes.keys()])
  return new Map(
    [...ids].map(id => [id, { ...NOTHING, ...bytes.get(id), requests: requests.get(id) ?? NOTHING.requests }]),
  )
}

/** `later` without what was in `earlier`. */
export function since(earlier: Served, later: Served): Served {
  const of = (kind: keyof Use) => ({
    used: later.requests[kind].used - earlier.requests[kind].used,
    refused: later.requests[kind].refused - earlier.requests[kind].refused,
  })
  return {
    requests: {
      ...{ read: of('read'), write: of('write'), delete: of('delete') },
      ...{ referrers: of('referrers'), oauth: of('oauth') },
    },
    ...{ pulls: later.pulls - earlier.pulls, pushes: later.pushes - earlier.pushes },
    ...{ bytesOut: later.bytesOut - earlier.bytesOut, bytesIn: later.bytesIn - earlier.bytesIn },
  }
}

export function isNothing({ requests, pulls, pushes, bytesOut, bytesIn }: Served): boolean {
  if (pulls + pushes + bytesOut + bytesIn > 0) return false
  return Object.values(requests).every(({ used, refused }) => used + refused === 0)
}
