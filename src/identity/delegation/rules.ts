import { ACCESS_WRITES } from '../roles/actions.ts'
import { BUILT_IN_ROLES, builtInRole } from '../roles/built-in.ts'
import { actionsOf, type Role } from '../roles/role.ts'
import { AuthorizationUnfit, DelegatedRolesRequired, RoleNotDelegable } from './failures.ts'
import type { Authorization, OfferTerms } from './offer.ts'

const OWNER = 'rol_owner'
export const ACCESS_ADMINISTRATOR = 'rol_user_access_administrator'

/** The offer with roles as their ids here, or the first reason why it can not be one. */
export function checkTerms(terms: OfferTerms): OfferTerms {
  const seen = new Set<string>()
  const authorizations = terms.authorizations.map(one => {
    const checked = checkAuthorization(one)
    const key = `${checked.principalId} ${checked.roleId}`
    if (seen.has(key)) throw AuthorizationUnfit(`${whoIs(one)} has ${roleNameOf(checked.roleId)} twice`)
    seen.add(key)
    return checked
  })
  return { ...terms, authorizations }
}

/** What an offer may name, and what User Access Administrator in it may list. */
export function delegableRoles(): Role[] {
  return BUILT_IN_ROLES.filter(role => refusal(role) === undefined)
}

/**
 * The condition under which a delegated role is granted: the customer's, and more for User Access
 * Administrator. That one sees what it does and changes nothing by itself: what it may assign, to whom, is asked of the
 * delegation (`assign.ts`).
 */
export function grantedIf(roleId: string, condition: string): string {
  const role = roleId === ACCESS_ADMINISTRATOR ? builtInRole(roleId) : undefined
  if (!role) return condition
  const reads = actionsOf(role).filter(action => action.endsWith('/read'))
  const reading = `action in [${reads.map(action => `Towpath::Action::"${action}"`).join(', ')}]`
  return condition === '' ? reading : `${reading} && (${condition}\n)`
}

/** A built-in role by its id, Azure's or its name in any case; else the text as it is, to be refused by name. */
export function roleIdOf(text: string): string {
  const named = BUILT_IN_ROLES.find(role => role.name.toLowerCase() === text.toLowerCase())
  return (builtInRole(text) ?? named)?.id ?? text
}

/** For people. */
export function roleNameOf(roleId: string): string {
  return builtInRole(roleId)?.name ?? roleId
}

function checkAuthorization(one: Authorization): Authorization {
  const role = builtInRole(one.roleId)
  if (!role) throw RoleNotDelegable(`Role ${one.roleId}`, 'it is not a built-in role')
  if (role.id === ACCESS_ADMINISTRATOR) {
    if (one.delegatedRoleIds.length === 0) throw DelegatedRolesRequired(whoIs(one))
    const listed = one.delegatedRoleIds.map(checkListed)
    return { ...one, roleId: role.id, delegatedRoleIds: [...new Set(listed)] }
  }
  const why = refusal(role)
  if (why !== undefined) throw RoleNotDelegable(role.name, why)
  if (one.delegatedRoleIds.length > 0) {
    throw AuthorizationUnfit(`only User Access Administrator takes delegatedRoleDefinitionIds, not ${role.name}`)
  }
  return { ...one, roleId: role.id }
}

function checkListed(id: string): string {
  const role = builtInRole(id)
  if (!role) throw RoleNotDelegable(`Role ${id} in delegatedRoleDefinitionIds`, 'it is not a built-in role')
  const why = role.id === ACCESS_ADMINISTRATOR ? 'it would pass on access itself' : refusal(role)
  if (why !== undefined) throw RoleNotDelegable(`${role.name} in delegatedRoleDefinitionIds`, why)
  return role.id
}

/** Why a role by itself is refused; undefined where it is not. */
function refusal(role: Role): string | undefined {
  if (role.id === OWNER) return 'nobody outside a tenant owns it'
  const actions = actionsOf(role)
  const writes = ACCESS_WRITES.find(action => actions.includes(action))
  if (writes !== undefined) return `it changes who may do what (${writes})`
  const [data] = role.dataActions
  if (data !== undefined) return `it opens what resources hold (${data})`
  return undefined
}

function whoIs({ principalId, principalName }: Authorization): string {
  return principalName === '' ? principalId : principalName
}
