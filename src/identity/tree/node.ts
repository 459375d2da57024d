import type { Scope } from './scope.ts'

/** Owns resources and principals; nothing of one is seen by another, except by a delegation. */
export type Tenant = {
  /** `ten_…`. */
  readonly id: string
  /** Lower case, unique on the platform. */
  readonly name: string
  /** Grows with every change of its tree, principals, roles, assignments and locks. */
  readonly version: number
  /** UTC milliseconds. */
  readonly createdAt: number
}

/** Made at the first start; the local admin owns it. */
export const DEFAULT_TENANT = { id: 'ten_default', name: 'default' } as const

export const RESOURCE_KINDS = ['registry', 'pipeline', 'cluster', 'agent', 'identity'] as const
export type ResourceKind = (typeof RESOURCE_KINDS)[number]
export type NodeKind = 'tenant' | 'group' | ResourceKind

/** A place in a tenant's tree: the tenant itself, a group, or a resource (always a leaf). */
export type ResourceNode = {
  readonly tenantId: string
  /** The tenant's own node has the tenant's id. */
  readonly id: string
  /** '' for the tenant's own node. */
  readonly parentId: string
  readonly kind: NodeKind
  /** Unique among the nodes of its parent and kind. */
  readonly name: string
}

/** Forbids everybody, those of a managing tenant included: `read-only` every change, `no-delete` deleting; there and below. */
export type Lock = {
  readonly tenantId: string
  /** `lck_…`. */
  readonly id: string
  readonly nodeId: string
  readonly kind: LockKind
  readonly note: string
}
export type LockKind = 'read-only' | 'no-delete'

export function nodeScope({ tenantId, id, kind }: ResourceNode): Scope {
  return { tenantId, kind: kind === 'tenant' || kind === 'group' ? kind : 'resource', nodeId: id }
}
