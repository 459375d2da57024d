/** Who has which role where. The tenant is the one that the scope lies in. */
export type Assignment = {
  readonly tenantId: string
  /** `asg_…`; the id that decisions name. */
  readonly id: string
  readonly principalId: string
  /** Differs from `tenantId` only where `source` is a delegation. */
  readonly principalTenantId: string
  readonly roleId: string
  /** As `scopeText` writes it. */
  readonly scope: string
  /** A Cedar expression over `context` and `resource`; '' where there is none. */
  readonly condition: string
  /** `direct`, or the id of the delegation that it comes from. */
  readonly source: string
  /** UTC milliseconds. */
  readonly createdAt: number
}
