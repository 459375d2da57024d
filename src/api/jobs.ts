import { z } from 'zod'

export const jobQuery = z.object({
  state: z.enum(['pending', 'dead']).default('dead'),
  region: z.string().optional(),
  limit: z.coerce.number<number | string>().int().min(1).max(500).default(100),
})
export type JobQuery = z.input<typeof jobQuery>

/** Control hands on what a region's node says, whatever the version of that. */
const handedOn = z.looseObject({ id: z.string(), kind: z.string(), region: z.string() })

export const jobList = z.object({
  jobs: z.array(handedOn),
  /** Regions that did not answer, and why: the list lacks their jobs. */
  unreachable: z.array(z.object({ region: z.string(), why: z.string() })),
  now: z.int(),
})

/** As nodes of this version say it; for who shows it. */
export const jobShape = handedOn.extend({
  key: z.string(),
  state: z.string(),
  attempts: z.int(),
  /** UTC milliseconds, as all times here. */
  dueAt: z.int(),
  updatedAt: z.int(),
  /** '' where there was none. */
  lastError: z.string(),
})
export type Job = z.output<typeof jobShape>

export const jobRetryShape = z.object({ id: z.string(), retried: z.literal(true) })
