import { z } from 'zod'

/** The two passwords of the local admin; `now` is the server's clock, so that ages need not trust two. */
export const adminPasswordList = z.object({
  passwords: z.array(z.object({ slot: z.int(), changedAt: z.int() })),
  now: z.int(),
})
export type AdminPasswordList = z.output<typeof adminPasswordList>

export const adminPasswordBody = z.strictObject({ password: z.string().optional() }).nullish()
export type AdminPasswordBody = z.input<typeof adminPasswordBody>

/** The only time that the password is shown. */
export const adminPasswordShape = z.object({ user: z.literal('admin'), slot: z.int(), password: z.string() })
export type AdminPassword = z.output<typeof adminPasswordShape>
