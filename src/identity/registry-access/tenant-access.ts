import type { Ms } from '../../kernel/index.ts'
import type { PrincipalKind } from '../principals/principal.ts'
import type { DataAction } from '../roles/actions.ts'

/** What one tenant's own principals may do at its registries, as regions hear it. */
export type TenantAccess = {
  readonly tenantId: string
  readonly registries: readonly RegistryGrants[]
  /** Who holds anything of it: enabled, no groups, by id. */
  readonly principals: readonly Holder[]
}

export type RegistryGrants = {
  readonly id: string
  /** What a lock forbids there, to everybody. */
  readonly locked: readonly DataAction[]
  /** To whom what was given, there or above: principals and groups, by id. */
  readonly grants: readonly { readonly principalId: string; readonly actions: readonly DataAction[] }[]
}

/**
 * A principal beside the groups that it has something from. Groups are not multiplied out over registries: 10,000
 * people in one group that may pull from 100 registries are 10,000 lines, not a million.
 */
export type Holder = {
  readonly id: string
  readonly kind: PrincipalKind
  readonly groups: readonly string[]
  readonly secrets: readonly HolderSecret[]
}

export type HolderSecret = { readonly id: string; readonly hash: string; readonly expiresAt: Ms }
