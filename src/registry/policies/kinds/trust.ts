import { z } from 'zod'
import { whyNoKey } from '../../trust/keys.ts'

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'letters, digits, ".", "_" and "-", 63 at most')
const pem = z
  .string()
  .max(2000)
  .superRefine((text, { addIssue }) => {
    const why = whyNoKey(text)
    if (why !== undefined) addIssue({ code: 'custom', message: why })
  })

/** Who may have signed what is pulled; `refuse`: what none of them signed is not pulled. */
export const trust = z.object({
  kind: z.literal('trust'),
  settings: z.strictObject({
    keys: z
      .array(z.strictObject({ name, pem }))
      .min(1)
      .max(10)
      .refine(keys => new Set(keys.map(key => key.name)).size === keys.length, 'each name once'),
    refuse: z.boolean(),
  }),
})
