import { z } from 'zod'

/** RFC 9457, as every refusal is answered: `title` says what happened, `detail` what to do now. */
export const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  facts: z.record(z.string(), z.unknown()).optional(),
  requestId: z.string().optional(),
})
export type Problem = z.output<typeof problemShape>
