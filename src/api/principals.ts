import { z } from 'zod'
import { idField } from './fields.ts'

const kind = z.enum(['user', 'group', 'service', 'managed', 'agent'])
const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'no control characters')
  .refine(text => text === text.trim(), 'no spaces around it')

export const principalShape = z.object({
  id: z.string(),
  kind,
  name: z.string(),
  enabled: z.boolean(),
  ownerId: z.string(),
  resourceId: z.string(),
  createdAt: z.int(),
})
export type Principal = z.output<typeof principalShape>

export const principalList = z.object({ principals: z.array(principalShape) })

export const certificateShape = z.object({
  id: z.string(),
  /** SHA-256, as `x5t#S256` has it. */
  thumbprint: z.string(),
  subject: z.string(),
  notBefore: z.int(),
  notAfter: z.int(),
  createdAt: z.int(),
})
export type Certificate = z.output<typeof certificateShape>

/** One certificate, PEM. Chains and private keys are refused. */
export const certificateBody = z.strictObject({ certificate: z.string().max(16 * 1024) })
export type CertificateBody = z.input<typeof certificateBody>

export const federationShape = z.object({
  id: z.string(),
  issuer: z.string(),
  audience: z.string(),
  subject: z.string(),
  createdAt: z.int(),
})
export type Federation = z.output<typeof federationShape>

const claim = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'no control characters')

/** Compared letter by letter with `iss`, `aud` and `sub` of a token. */
export const federationBody = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .regex(/^https?:\/\/[^?#@\\\s]+$/, 'no user, query or fragment'),
  audience: claim,
  subject: claim,
})
export type FederationBody = z.input<typeof federationBody>

export const wholePrincipalShape = principalShape.extend({
  /** Of a group: the ids of who is in it. */
  members: z.array(z.string()),
  secrets: z.array(z.object({ id: z.string(), createdAt: z.int(), expiresAt: z.int() })),
  certificates: z.array(certificateShape).optional(),
  federations: z.array(federationShape).optional(),
})
export type WholePrincipal = z.output<typeof wholePrincipalShape>

export const principalBody = z.strictObject({
  kind,
  name,
  ownerId: idField.default(''),
  resourceId: idField.default(''),
})
export type PrincipalBody = z.input<typeof principalBody>

export const principalChange = z.strictObject({ enabled: z.boolean() })
export type PrincipalChange = z.input<typeof principalChange>

export const secretBody = z.strictObject({ days: z.int().min(1).max(730).default(90) }).nullish()
export type SecretBody = z.input<typeof secretBody>

/** The only time that the secret is shown. */
export const newSecretShape = z.object({
  id: z.string(),
  clientId: z.string(),
  secret: z.string(),
  expiresAt: z.int(),
})
export type NewSecret = z.output<typeof newSecretShape>
