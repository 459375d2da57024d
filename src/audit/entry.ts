/** Who acted, as identity knows it; `tenantId` is where that principal lives. */
export type AuditActor = { readonly id: string; readonly kind: string; readonly tenantId: string }

/** What is the same for everything that one request does. */
export type AuditOrigin = {
  /** Whose audit this belongs to: the tenant that owns the resource. */
  readonly tenantId: string
  readonly actor: AuditActor
  /** For whom the actor acted, the nearest first; empty where for itself. */
  readonly onBehalfOf: readonly AuditActor[]
  /** The tenant that acted by a delegation, where it is another one. */
  readonly managingTenantId?: string
  /** The policy that decided. */
  readonly policyId?: string
  readonly requestId?: string
}

export type AuditEntry = AuditOrigin & {
  /** What was done to what, as in `registry/write`. */
  readonly action: string
  /** A scope or an id, as the owner of the resource names it. */
  readonly resource: string
  readonly result: 'done' | 'denied' | 'failed'
  /** Few and small facts. Never a secret: keys that look like one are refused. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>
}

/** Passed into a write, which adds what it does itself: `recordAudit(tx, origin.region, { ...origin, action, … })`. */
export type AuditFrom = AuditOrigin & {
  /** Names the database that the entry is written to: one chain each tenant and region. */
  readonly region: string
}
