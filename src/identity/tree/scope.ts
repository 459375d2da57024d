import { failure } from '../../kernel/index.ts'

/**
 * Where something may be done: a whole tenant, a group of it, or one resource. What is allowed at a place is
 * allowed at everything under it.
 */
export type Scope = {
  readonly tenantId: string
  readonly kind: 'tenant' | 'group' | 'resource'
  /** The node's id; the tenant's own node has the tenant's id. */
  readonly nodeId: string
}

export const ScopeMalformed = failure('IDENTITY_SCOPE_MALFORMED', 400, (text: string) => ({
  says: `"${text.slice(0, 200)}" is not a scope`,
  next: 'Write /tenants/<id>, /tenants/<id>/groups/<id> or /tenants/<id>/resources/<id>',
}))

const FORM = /^\/tenants\/([0-9a-z_]{1,60})(?:\/(groups|resources)\/([0-9a-z_]{1,60}))?$/

/** `/tenants/<id>`, `/tenants/<id>/groups/<id>` or `/tenants/<id>/resources/<id>`. Throws `ScopeMalformed`. */
export function parseScope(text: string): Scope {
  const [, tenantId, place, nodeId] = FORM.exec(text) ?? []
  if (tenantId === undefined) throw ScopeMalformed(text)
  if (nodeId === undefined) return tenantScope(tenantId)
  return { tenantId, kind: place === 'groups' ? 'group' : 'resource', nodeId }
}

export function tenantScope(tenantId: string): Scope {
  return { tenantId, kind: 'tenant', nodeId: tenantId }
}

/** The text that `parseScope` reads. */
export function scopeText({ tenantId, kind, nodeId }: Scope): string {
  return kind === 'tenant' ? `/tenants/${tenantId}` : `/tenants/${tenantId}/${kind}s/${nodeId}`
}
