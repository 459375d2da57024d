import type { Ms } from '../../kernel/index.ts'

/** `browser`: its secret is a cookie. `cli`: a command line keeps it in a file. */
export type SessionKind = 'browser' | 'cli'

/** A sign-in of a person that still counts. */
export type SignInSession = {
  readonly tenantId: string
  /** `ses_…`. */
  readonly id: string
  readonly principalId: string
  readonly kind: SessionKind
  /** `password`, or `oidc:<provider>`. */
  readonly signedInBy: string
  /** The password of the admin that opened it, as `proofOfAdmin` writes it; else ''. */
  readonly proof: string
  readonly createdAt: Ms
  /** At most a minute old while it is used. */
  readonly seenAt: Ms
  /** When it ends unless it is used again. */
  readonly expiresAt: Ms
  /** When it ends whatever happens. */
  readonly endsAt: Ms
}

const HOUR = 3_600_000

/** `idle`: so long after it was last seen; `whole`: so long after the sign-in. */
export const LIFE: Readonly<Record<SessionKind, { idle: Ms; whole: Ms }>> = {
  browser: { idle: 8 * HOUR, whole: 24 * HOUR },
  cli: { idle: 30 * 24 * HOUR, whole: 30 * 24 * HOUR },
}

/** No write for each request: seen is seen for a minute. */
export const SEEN_FOR: Ms = 60_000
