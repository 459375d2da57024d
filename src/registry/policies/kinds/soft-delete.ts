import { z } from 'zod'

/** What is deleted can be restored for so many days. */
export const softDelete = z.object({
  kind: z.literal('soft-delete'),
  settings: z.strictObject({ days: z.int().min(1).max(90) }),
})
