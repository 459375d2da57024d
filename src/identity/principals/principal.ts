import type { Ms } from '../../kernel/index.ts'
import { DEFAULT_TENANT } from '../tree/node.ts'

/** `managed`: the identity of a resource. `service`: a program that signs in with a secret, certificate or foreign token. */
export type PrincipalKind = 'user' | 'group' | 'service' | 'managed' | 'agent'

export type Principal = {
  readonly tenantId: string
  /** `prn_…`, unique on the platform. */
  readonly id: string
  readonly kind: PrincipalKind
  /** Unique in its tenant. */
  readonly name: string
  /** What is disabled may do nothing, at the next request. */
  readonly enabled: boolean
  /** Agents: the user who answers for it; never empty. Others: ''. */
  readonly ownerId: string
  /** Managed identities: the node that it belongs to. Others: ''. */
  readonly resourceId: string
  /** UTC milliseconds. */
  readonly createdAt: number
}

/** Who asks or did something; the audit's `actor` has this shape too. */
export type PrincipalRef = { readonly tenantId: string; readonly id: string; readonly kind: PrincipalKind }

/** Who signed in, and by what. */
export type SignedIn = {
  readonly principal: PrincipalRef
  /** What vouches for it, by kind and id: `password:`, `secret:`, `session:`, `certificate:` or `federation:`. */
  readonly proof: string
  /** When that ends, UTC milliseconds; what is bought with it ends no later. */
  readonly ends?: Ms
}

/** The local admin as a principal: Owner of the default tenant, and platform administrator. */
export const ADMIN_PRINCIPAL = { tenantId: DEFAULT_TENANT.id, id: 'prn_admin', kind: 'user' } as const
