import type { ReadTx } from '../../kernel/index.ts'
import type { Decide } from '../decide/decide.ts'
import type { Principal, PrincipalRef } from '../principals/principal.ts'
import { readPrincipals } from '../principals/principals.ts'
import type { Action } from '../roles/actions.ts'
import { builtInRole } from '../roles/built-in.ts'
import { actionsOf, type Role } from '../roles/role.ts'
import type { Scope } from '../tree/scope.ts'
import { scopeText } from '../tree/scope.ts'
import { readTenant } from '../tree/tenants.ts'
import { reaching } from './assign.ts'
import { ACCESS_ADMINISTRATOR, delegableRoles } from './rules.ts'

/** A permission that an identity lacks at a place, and how it could come by it. */
export type Missing = {
  readonly action: Action
  /** Built-in roles that have it and can be delegated. */
  readonly roles: readonly string[]
  /** Those of the managing tenant who may assign one of them there now. */
  readonly grantors: readonly { readonly id: string; readonly name: string; readonly role: string }[]
  /** Who can grant it, and by what. */
  readonly remedy: string
  /** One sentence: what is missing, and the remedy. */
  readonly says: string
}

type Asked = {
  readonly db: ReadTx
  readonly decide: Decide
  /** The agent's identity, or a managed one. */
  readonly identity: PrincipalRef
  readonly scope: Scope
  readonly needed: readonly Action[]
}

/** Asked of the same policies that will decide later: locks, conditions and disabled identities count. */
export async function missingPermissions({ db, decide, identity, scope, needed }: Asked): Promise<Missing[]> {
  const grantable = await grantors(db, identity.tenantId, scope)
  const customer = (await readTenant(db, scope.tenantId))?.name ?? scope.tenantId
  const found: Missing[] = []
  for (const action of new Set(needed)) {
    const decision = await decide({ caller: identity, action, scope })
    if (decision.allowed) continue
    const lock = decision.policies.find(id => id.startsWith('lck_'))
    const roles = delegableRoles()
      .filter(role => actionsOf(role).includes(action))
      .map(role => role.name)
    const able = lock === undefined ? grantable.filter(one => has(one.role, action)) : []
    const names = able.map(({ principal, role }) => ({ id: principal.id, name: principal.name, role: role.name }))
    const remedy = who({ lock, names, roles, customer })
    const says = `${action} at ${scopeText(scope)} is missing: ${remedy}.`
    found.push({ action, roles: lock === undefined ? roles : [], grantors: names, remedy, says })
  }
  return found
}

type Known = { lock: string | undefined; names: Missing['grantors']; roles: readonly string[]; customer: string }

function who({ lock, names, roles, customer }: Known): string {
  if (lock !== undefined)
    return `the lock ${lock} of tenant ${customer} forbids it, and who may remove locks there can lift it`
  const [one] = names
  if (one) return `${[...new Set(names.map(({ name }) => name))].join(' or ')} can grant it by assigning ${one.role}`
  if (roles.length > 0) return `an owner of tenant ${customer} can grant it by accepting an offer with ${roles[0]}`
  return `no role that can be delegated has it, so only identities of tenant ${customer} itself can`
}

type Grantor = { readonly principal: Principal; readonly role: Role }

/** Least first: the role that gives little more than what is asked for comes before the one that gives all. */
async function grantors(db: ReadTx, managingTenantId: string, scope: Scope): Promise<Grantor[]> {
  if (managingTenantId === scope.tenantId) return []
  const principals = await readPrincipals(db, managingTenantId)
  const found: Grantor[] = []
  for (const { terms } of await reaching(db, managingTenantId, scope)) {
    for (const one of terms.authorizations) {
      const principal = principals.find(({ id }) => id === one.principalId)
      if (one.roleId !== ACCESS_ADMINISTRATOR || !principal?.enabled) continue
      for (const id of one.delegatedRoleIds) {
        const role = builtInRole(id)
        if (role) found.push({ principal, role })
      }
    }
  }
  return found.sort((a, b) => actionsOf(a.role).length - actionsOf(b.role).length)
}

/** The fewest and smallest of `roles` that give what they can of `missing`. */
export function smallestRoles(roles: readonly string[], missing: readonly Action[]): string[] {
  const bySize = [...new Set(roles)]
    .map(id => builtInRole(id))
    .filter(role => role !== undefined)
    .sort((a, b) => actionsOf(a).length - actionsOf(b).length)
  const able = missing.filter(action => bySize.some(role => has(role, action)))
  let chosen: Role[] = []
  for (const role of bySize) {
    if (able.some(action => has(role, action) && !chosen.some(one => has(one, action)))) chosen.push(role)
  }
  // A larger one that came later may have what a smaller one before it was taken for.
  for (const role of bySize) {
    const rest = chosen.filter(one => one !== role)
    if (able.every(action => rest.some(one => has(one, action)))) chosen = rest
  }
  return chosen.map(role => role.id)
}

function has(role: Role, action: Action): boolean {
  return actionsOf(role).includes(action)
}
