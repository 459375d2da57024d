import type { Ms } from '../kernel/index.ts'
import type { PrincipalKind } from './principals/principal.ts'

/** What a token's holder may do to one thing, as the registry's token protocol writes it. */
export type Access = {
  readonly type: 'repository' | 'registry'
  readonly name: string
  readonly actions: readonly string[]
}

export type RegistryAction = 'pull' | 'push' | 'delete' | 'metadata_read' | 'metadata_write' | 'catalog'

/** What somebody may do in a registry, whatever a token at hand says. Repositories need not exist yet. */
export type Limit = { permits(action: RegistryAction, repository: string): boolean }

/**
 * Who asks. `all`: everything that the platform holds (the admin, by password). `limit`: everything that its limit
 * permits (a registry's token, by password; a principal).
 */
export type Caller = {
  /** `anonymous`, `user:<name>`, `token:<name>` or `principal:<tenant id>/<id>`. */
  readonly id: string
  readonly access: readonly Access[] | 'all' | 'limit'
  /** A principal's. */
  readonly kind?: PrincipalKind
  /** Which password or sign-in vouches for it; goes into the tokens that it asks for. */
  readonly proof?: string
  /** What its scope map or its roles allow now, whatever `access` says. Always there for tokens and principals. */
  readonly limit?: Limit
  /** When what is behind it ends, UTC milliseconds; a token that it asks for ends no later. */
  readonly ends?: number
}

/** Where it calls, and since when what it shows says so: UTC milliseconds. */
export type VouchedAt = { readonly registryId: string; readonly issued: Ms }

/** `authenticate`: signing in may change the answer, so 401 and a challenge fit better than 403. */
export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly authenticate: boolean }

/** Nobody in particular, without a token. */
export const ANONYMOUS: Caller = { id: 'anonymous', access: [] }

/** Whether a list of access grants `action`: on a repository by name, or `catalog` on the registry. */
export function grants(access: readonly Access[], action: RegistryAction, repository: string): boolean {
  const type = action === 'catalog' ? 'registry' : 'repository'
  const name = action === 'catalog' ? 'catalog' : repository
  for (const entry of access) {
    if (entry.type !== type || entry.name !== name) continue
    if (entry.actions.includes('*') || entry.actions.includes(action)) return true
  }
  return false
}
