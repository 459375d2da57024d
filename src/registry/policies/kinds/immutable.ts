import { z } from 'zod'
import { patterns } from '../pattern.ts'

/** Tags that stay where they are once they are pushed. */
export const immutable = z.object({
  kind: z.literal('immutable'),
  settings: z.strictObject({ tags: patterns.min(1) }),
})
