import { z } from 'zod'

/** What is delegated: a whole tenant, or one group or resource of it by its name there. */
const offerScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tenant') }),
  z.strictObject({ kind: z.literal('group'), name: z.string().min(1).max(100) }),
  z.strictObject({ kind: z.literal('resource'), name: z.string().min(1).max(100) }),
])
export type OfferScope = z.infer<typeof offerScope>

/** Ids as a document has them: ours, or those of another directory. Printable, so that errors and audit stay readable. */
const id = z.string().regex(/^[\w.:@-]{1,100}$/, 'letters, digits and . : @ - _, at most 100')
const plainText = (most: number) =>
  z
    .string()
    .max(most)
    .refine(text => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'no control characters')

export const authorization = z.strictObject({
  principalId: id,
  /** What the managing tenant calls it; shown, never trusted. */
  principalName: plainText(200).default(''),
  /** Of a built-in role: ours or Azure's. */
  roleId: id,
  /** What User Access Administrator may assign, and to managed identities only. */
  delegatedRoleIds: z.array(id).max(50).default([]),
})
export type Authorization = z.infer<typeof authorization>

/** An offer as it travels between tenants. */
export const offerTerms = z.strictObject({
  name: plainText(200).min(1),
  description: plainText(1000).default(''),
  managingTenantId: id,
  scope: offerScope,
  authorizations: z.array(authorization).min(1).max(100),
})
export type OfferTerms = z.infer<typeof offerTerms>
