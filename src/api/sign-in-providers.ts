import { z } from 'zod'
import { idField, nameField } from './fields.ts'

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'no control characters')
const title = line(100)
const issuer = z.url({ protocol: /^https?$/ }).max(500)
const clientSecret = line(2000)
const scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'a scope without spaces and quotes'))
  .max(50)
  .refine(all => all.includes('openid'), 'openid among them')
/** '' where no groups are looked at. */
const groupsClaim = z.string().max(200)
const provisioning = z.enum(['invited', 'automatic'])
/** Of who was invited; a user name only where people can't choose theirs. */
const invitedBy = z.enum(['mail', 'username'])
/** Who has `value` in the groups claim is in that group, from sign-in to sign-in. */
const groups = z.array(z.strictObject({ value: line(300), groupId: idField })).max(200)

export const signInProviderBody = z.strictObject({
  name: nameField,
  title,
  issuer,
  clientId: line(500),
  clientSecret,
  scopes: scopes.default(['openid', 'profile', 'email']),
  groupsClaim: groupsClaim.default(''),
  provisioning: provisioning.default('invited'),
  invitedBy: invitedBy.default('mail'),
  groups: groups.default([]),
})
export type SignInProviderBody = z.input<typeof signInProviderBody>

/** What is left out stays. */
export const signInProviderChange = z.strictObject({
  title: title.optional(),
  clientSecret: clientSecret.optional(),
  scopes: scopes.optional(),
  groupsClaim: groupsClaim.optional(),
  provisioning: provisioning.optional(),
  invitedBy: invitedBy.optional(),
  groups: groups.optional(),
})
export type SignInProviderChange = z.input<typeof signInProviderChange>

/** The client secret is never told. */
export const signInProviderShape = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  scopes: z.array(z.string()),
  groupsClaim: z.string(),
  provisioning,
  invitedBy,
  groups: z.array(z.object({ value: z.string(), groupId: z.string() })),
  createdAt: z.int(),
  /** To be registered at the provider. */
  redirectUri: z.string(),
})
export type SignInProvider = z.output<typeof signInProviderShape>

export const signInProviderList = z.object({ providers: z.array(signInProviderShape) })
