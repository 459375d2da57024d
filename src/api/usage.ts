import { z } from 'zod'
import { rateShape } from './throttle.ts'

/** The first region, where it is left out. */
export const usageQuery = z.strictObject({ region: z.string().max(40).optional() })

/** A week is kept. */
export const usageHours = z.coerce.number<number | string>().int().min(1).max(168).default(24)
export const usageHistoryQuery = usageQuery.extend({ hours: usageHours })

const counted = z.object({ used: z.int(), refused: z.int() })
const byClass = { read: counted, write: counted, delete: counted, referrers: counted, oauth: counted }
const limited = counted.extend({ limit: rateShape })

export const usageShape = z.object({
  region: z.string(),
  /** As `az acr show-usage`: Size, Repositories, Manifests, Tags, Webhooks. limit: null where there is none. */
  value: z.array(
    z.object({ name: z.string(), limit: z.int().nullable(), currentValue: z.int(), unit: z.enum(['Bytes', 'Count']) }),
  ),
  /** The quotas of the registry as a whole. near: 80 % or more. */
  quotas: z.array(
    z.object({ policy: z.string(), repositories: z.string(), limit: z.int(), state: z.enum(['ok', 'near', 'full']) }),
  ),
  /** Requests of the last minute, let through and refused, and how many a minute there may be. */
  requests: z.object({ read: limited, write: limited, delete: limited, referrers: limited, oauth: limited }),
  /** Those who asked most in the last minute, ten at most. */
  identities: z.array(z.object({ identity: z.string(), ...byClass })),
  /** Nodes of the region, and how many of them said how many requests they had. */
  nodes: z.object({ all: z.int(), answered: z.int() }),
})
export type Usage = z.output<typeof usageShape>

/** What one node says of itself: the requests it had. */
export const nodeRequestsShape = z.object({
  requests: z.object(byClass),
  identities: z.array(z.object({ identity: z.string(), ...byClass })),
})

/** What a region holds. */
export const heldShape = z.object({ bytes: z.int(), repositories: z.int(), manifests: z.int(), tags: z.int() })

/** What was served from then on, for the length of a step. */
const servedShape = z.object({
  /** UTC milliseconds. */
  from: z.int(),
  requests: z.object(byClass),
  /** Whole images that were sent, and manifests that were pushed. */
  pulls: z.int(),
  pushes: z.int(),
  /** Of blobs and manifests, without headers. */
  bytesOut: z.int(),
  bytesIn: z.int(),
})

/** step: milliseconds. points: one a step, without gaps, the oldest first; the last one is the step that goes on. */
export const servedHistoryShape = z.object({ step: z.int(), points: z.array(servedShape).max(288) })
export const usageHistoryShape = servedHistoryShape.extend({ region: z.string() })
export type UsageHistory = z.output<typeof usageHistoryShape>
