import { z } from 'zod'

/** Manifests of any media type that have no tag go after so many days without one. */
export const retention = z.object({
  kind: z.literal('retention'),
  settings: z.strictObject({ days: z.int().min(0).max(3650) }),
})
