import { z } from 'zod'

/** By what people sign in to a tenant. */
export const signInShape = z.object({
  /** The local admin, with a password. */
  local: z.boolean(),
  providers: z.array(z.object({ tenant: z.string(), name: z.string(), title: z.string() })),
})
export type SignIn = z.output<typeof signInShape>

export const sessionBody = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(512),
})
export type SessionBody = z.input<typeof sessionBody>

/** Who asks, and where there is something to see. */
export const sessionShape = z.object({
  principal: z.object({
    tenantId: z.string(),
    id: z.string(),
    kind: z.enum(['user', 'group', 'service', 'managed', 'agent']),
    name: z.string(),
  }),
  platformAdministrator: z.boolean(),
  /** `password` or `oidc:<provider>`; `header` where each request says who asks. */
  signedInBy: z.string(),
  /** Where a cookie says it: when that ends unless it is used again, UTC milliseconds. */
  expiresAt: z.int().optional(),
  /** Where a cookie says it: for the x-csrf-token of what changes something. */
  csrfToken: z.string().optional(),
  tenants: z.array(z.object({ id: z.string(), name: z.string(), via: z.enum(['own', 'delegation', 'administrator']) })),
})
export type Session = z.output<typeof sessionShape>

export const signedOutShape = z.object({
  /** Where the provider ends its own session; a page may go there. */
  endSessionUrl: z.string().optional(),
})
export type SignedOut = z.output<typeof signedOutShape>

export const sessionList = z.object({
  sessions: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['browser', 'cli']),
      signedInBy: z.string(),
      createdAt: z.int(),
      seenAt: z.int(),
      expiresAt: z.int(),
      /** The one that asks. */
      current: z.boolean(),
    }),
  ),
})
export type SessionList = z.output<typeof sessionList>
