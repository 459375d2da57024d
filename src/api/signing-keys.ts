import { z } from 'zod'

/** The oldest first; times are UTC milliseconds, and `now` is the server's. */
export const signingKeyList = z.object({
  signingKeys: z.array(z.object({ kid: z.string(), signsFrom: z.int(), endsAt: z.int().nullable() })),
  now: z.int(),
})
export type SigningKeyList = z.output<typeof signingKeyList>

export const signingKeyBody = z.strictObject({ immediately: z.boolean().default(false) }).prefault({})
export type SigningKeyBody = z.input<typeof signingKeyBody>
