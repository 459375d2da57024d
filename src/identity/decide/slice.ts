import { actionsOf } from '../roles/role.ts'
import { parseScope } from '../tree/scope.ts'
import type { Engine, PolicySet } from './cedar.ts'
import type { Grants } from './facts.ts'
import { lockPolicy, PLATFORM_POLICIES, rolePolicy } from './policies.ts'

export type Slice = { readonly set: PolicySet; readonly unreadable: readonly string[] }

/**
 * The policies that can matter to one caller in one tenant: a policy that names somebody else never decides, so
 * leaving it out changes no answer, and a tenant's thousandth assignment costs nobody else anything. One template
 * a role and condition, one link an assignment or lock: their ids are what a decision names.
 * Locks are never left out. A grant that does not pass the schema is: that denies.
 */
export function sliceOf({ assignments, roles, locks }: Grants, engine: Engine): Slice {
  const templates: Record<string, string> = {}
  const templateLinks: NonNullable<PolicySet['templateLinks']> = []
  const unreadable: string[] = []
  const named = new Map<string, string>()

  for (const { id, tenantId, principalTenantId, principalId, roleId, condition, scope } of assignments) {
    const role = roles.get(roleId)
    const actions = role ? actionsOf(role) : []
    const policy = actions.length > 0 ? rolePolicy(actions, condition) : undefined
    if (policy === undefined || engine.complaint(policy) !== undefined) {
      unreadable.push(id)
      continue
    }
    const templateId = named.get(policy) ?? `role-${named.size}`
    named.set(policy, templateId)
    templates[templateId] = policy
    const values = {
      '?principal': principalUid(principalTenantId, principalId),
      '?resource': nodeUid(tenantId, parseScope(scope).nodeId),
    }
    templateLinks.push({ templateId, newId: id, values })
  }
  for (const { id, tenantId, nodeId, kind } of locks) {
    const templateId = `lock-${kind}`
    templates[templateId] = lockPolicy(kind)
    templateLinks.push({ templateId, newId: id, values: { '?resource': nodeUid(tenantId, nodeId) } })
  }
  return { set: { staticPolicies: { ...PLATFORM_POLICIES }, templates, templateLinks }, unreadable }
}

/** The tenant is part of every name: nothing of one can be taken for another's. */
export function principalUid(tenantId: string, id: string): { type: string; id: string } {
  return { type: 'Towpath::Principal', id: `${tenantId}/${id}` }
}

export function nodeUid(tenantId: string, id: string): { type: string; id: string } {
  return { type: 'Towpath::Node', id: `${tenantId}/${id}` }
}
