import { z } from 'zod'

/** 1 PiB. */
const MOST_BYTES = 2 ** 50

/** How many bytes each repository may hold, or the registry for pushes to these repositories to go on. */
export const quota = z.object({
  kind: z.literal('quota'),
  settings: z.strictObject({
    bytes: z.int().min(1).max(MOST_BYTES),
    of: z.enum(['registry', 'repository']),
  }),
})
