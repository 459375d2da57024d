import { z } from 'zod'

const status = z.enum(['enabled', 'disabled'])
const scopeMap = z.string().max(100)
/** UTC milliseconds; null: never. */
const expiresAt = z.int().positive().nullable()

/** Which of the two passwords of a token. */
export const passwordName = z.enum(['password1', 'password2'])
export type PasswordName = z.output<typeof passwordName>

export const tokenShape = z.object({
  id: z.string(),
  name: z.string(),
  scopeMap: z.string(),
  status,
  createdAt: z.int(),
  passwords: z.array(
    z.object({
      name: passwordName,
      createdAt: z.int(),
      expiresAt: z.int().nullable(),
      /** Only where it was made just now. */
      value: z.string().optional(),
    }),
  ),
})
export type Token = z.output<typeof tokenShape>

export const tokenList = z.object({ tokens: z.array(tokenShape) })

export const tokenBody = z
  .strictObject({
    /** `admin` in any case is the platform's own. */
    name: z
      .string()
      .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{3,48})[A-Za-z0-9]$/, 'letters, digits, "-" and "_", 5 to 50 in all')
      .refine(name => name.toLowerCase() !== 'admin', 'another name than the admin’s'),
    scopeMap: scopeMap.optional(),
    /** Instead: a scope map of its own that allows these. */
    actions: z.array(z.string().max(400)).min(1).max(1000).optional(),
    status: status.default('enabled'),
    passwords: z.boolean().default(true),
    expiresAt: expiresAt.default(null),
  })
  .refine(body => (body.scopeMap === undefined) !== (body.actions === undefined), 'scopeMap or actions, one of them')
export type TokenBody = z.input<typeof tokenBody>

export const tokenChange = z.strictObject({ scopeMap: scopeMap.optional(), status: status.optional() })
export type TokenChange = z.input<typeof tokenChange>

export const passwordBody = z.strictObject({ expiresAt: expiresAt.default(null) }).prefault({})
export type PasswordBody = z.input<typeof passwordBody>
