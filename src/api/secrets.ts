import { z } from 'zod'

export const secretsQuery = z.strictObject({
  /** `next` of the page before. */
  after: z.string().max(300).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})

export const secretList = z.object({
  secrets: z.array(
    z.object({
      name: z.string(),
      /** `admin-password`, `service-secret`, `signing-key` …: a later version may have more. */
      kind: z.string(),
      /** Whose it is; '' where it is the platform's. */
      tenantId: z.string(),
      /** Who signs in by it; '' where it is no principal's. */
      principalId: z.string().default(''),
      /** The registry that it opens; '' where it is for no single one. */
      registryId: z.string(),
      /** UTC milliseconds, as all times here. */
      createdAt: z.int(),
      /** null: it does not end by itself. */
      expiresAt: z.int().nullable(),
      /** From then on it should be replaced. */
      dueAt: z.int(),
      state: z.enum(['fine', 'due', 'overdue', 'expired']),
    }),
  ),
  /** This machine's clock, so that ages need not trust two. */
  now: z.int(),
  next: z.string().optional(),
})
export type SecretList = z.output<typeof secretList>

export const rotatedMasterKeyShape = z.object({
  masterKeyId: z.string(),
  /** Data keys that it wraps now and another one wrapped before. */
  rewrapped: z.int(),
  /** Data keys of master keys that are not here: what they sealed can't be opened. */
  left: z.int(),
})
