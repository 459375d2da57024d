import type { Ms } from '../../kernel/index.ts'

/** A secret as everybody may know it who looks after the platform: that there is one, and how old it is. */
export type SecretAge = {
  /** Its place within its source; sorts. */
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly tenantId: string
  /** Who signs in by it; '' where it is no principal's. */
  readonly principalId: string
  readonly registryId: string
  /** UTC milliseconds. */
  readonly createdAt: Ms
  readonly expiresAt: Ms | null
}

/** Secrets of one sort, in the order of their keys. */
export type SecretSource = {
  readonly name: string
  /** At most `limit` behind the key `after`; '' is before the first. */
  read(after: string, limit: number): Promise<SecretAge[]>
}
