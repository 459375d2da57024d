import type { AuditFrom } from '../../audit/index.ts'
import { newId, type ReadTx, type Store, write } from '../../kernel/index.ts'
import type { Decide } from '../decide/decide.ts'
import { lockedActions } from '../decide/policies.ts'
import { PrincipalUnknown } from '../principals/failures.ts'
import { groupsOf } from '../principals/members.ts'
import type { Principal, PrincipalRef } from '../principals/principal.ts'
import { readPrincipal } from '../principals/principals.ts'
import type { Assignment } from '../roles/assignment.ts'
import { insertAssignment, readAssignments } from '../roles/assignments.ts'
import { builtInRole } from '../roles/built-in.ts'
import { changed } from '../tree/change.ts'
import { NodeUnknown } from '../tree/failures.ts'
import { readLocks } from '../tree/locks.ts'
import { chainOf } from '../tree/nodes.ts'
import { parseScope, type Scope, scopeText } from '../tree/scope.ts'
import { type Delegation, readDelegatedTo } from './delegations.ts'
import { DelegatedRolesRequired, NotForThat, RoleNotListed, ScopeLocked } from './failures.ts'
import { ACCESS_ADMINISTRATOR, roleNameOf } from './rules.ts'

/** Somebody of a managing tenant gives a role, through its delegated User Access Administrator. */
type DelegatedAssignment = {
  readonly scope: Scope
  /** Ours or Azure's. */
  readonly roleId: string
  /** A managed identity of the customer's tenant, or an agent or managed identity of the caller's own. */
  readonly principalId: string
  readonly from: AuditFrom
  /** Where the caller is: the customer's conditions may look at it. */
  readonly address?: string | undefined
}

/** The delegations are asked of Cedar first, since the customer may have accepted them under a condition, then again in the transaction. */
export async function assignDelegated(
  { store, decide }: { store: Store; decide: Decide },
  { address, ...input }: DelegatedAssignment,
): Promise<Assignment> {
  const { scope, from } = input
  const { policies } = await decide({ caller: from.actor as PrincipalRef, address, action: 'access/read', scope })
  const held = await readAssignments(store.read, scope.tenantId)
  const through = held.filter(one => policies.includes(one.id)).map(one => one.source)
  return store.write(assign, { ...input, through })
}

type Assigning = Omit<DelegatedAssignment, 'address'> & { readonly through: readonly string[] }

/** Everything is asked in the transaction: a delegation that was revoked meanwhile assigns nothing. */
const assign = write('delegation.assign', async (tx, input: Assigning): Promise<Assignment> => {
  const { scope, from } = input
  const { actor } = from
  const text = scopeText(scope)
  const all = await assignable(tx, actor as PrincipalRef, scope)
  const grants = all.filter(one => input.through.includes(one.delegation.id))
  const roleId = builtInRole(input.roleId)?.id ?? input.roleId
  const [first] = grants
  if (!first) throw DelegatedRolesRequired(actor.id)
  const through = grants.find(one => one.roleIds.includes(roleId))
  if (!through) throw RoleNotListed(roleNameOf(roleId), grants.flatMap(one => one.roleIds).map(roleNameOf))
  const lock = await lockOn(tx, scope)
  if (lock !== undefined) throw ScopeLocked(text, lock)
  const target = await targetOf(tx, scope.tenantId, actor.tenantId, input.principalId)
  const own = target.tenantId === scope.tenantId
  const made = await insertAssignment(tx, {
    tenantId: scope.tenantId,
    id: newId(tx.clock, 'asg'),
    principalId: target.id,
    principalTenantId: target.tenantId,
    roleId,
    scope: text,
    condition: own ? '' : through.delegation.condition,
    // What an identity of the customer's own has stays when the delegation ends; what crosses tenants ends with it.
    source: own ? 'direct' : through.delegation.id,
  })
  const detail = {
    assignment: made.id,
    principal: target.id,
    role: roleId,
    delegation: through.delegation.id,
    managingTenant: actor.tenantId,
    customerTenant: scope.tenantId,
  }
  const both = { ...from, tenantId: scope.tenantId, managingTenantId: actor.tenantId, policyId: through.delegation.id }
  await changed(tx, both, { action: 'access/assign', resource: text, detail })
  return made
})

export const delegatedAccess = { assign } as const

/** What a caller may assign at a place: by which delegation, which roles. */
export type Assignable = { readonly delegation: Delegation; readonly roleIds: readonly string[] }

export async function assignable(db: ReadTx, caller: PrincipalRef, scope: Scope): Promise<Assignable[]> {
  const held = await readPrincipal(db, caller.tenantId, caller.id)
  if (!held?.enabled || caller.tenantId === scope.tenantId) return []
  const ids = await groupsOf(db, caller.tenantId, caller.id)
  return (await reaching(db, caller.tenantId, scope)).flatMap(delegation =>
    delegation.terms.authorizations
      .filter(one => one.roleId === ACCESS_ADMINISTRATOR && ids.includes(one.principalId))
      .map(one => ({ delegation, roleIds: one.delegatedRoleIds })),
  )
}

/** The delegations to a managing tenant that hold at a place. Throws where there is no such place. */
export async function reaching(db: ReadTx, managingTenantId: string, scope: Scope): Promise<Delegation[]> {
  const above = (await chainOf(db, scope.tenantId, scope.nodeId)).map(node => node.id)
  const all = await readDelegatedTo(db, managingTenantId)
  return all.filter(one => one.tenantId === scope.tenantId && above.includes(parseScope(one.scope).nodeId))
}

/** The customer's lock that forbids assigning there, whoever asks. */
async function lockOn(db: ReadTx, scope: Scope): Promise<string | undefined> {
  const chain = await chainOf(db, scope.tenantId, scope.nodeId)
  if (chain.length === 0) throw NodeUnknown(scope.nodeId)
  const locks = await readLocks(db, scope.tenantId)
  return locks.find(
    lock => lockedActions(lock.kind).includes('access/assign') && chain.some(node => node.id === lock.nodeId),
  )?.id
}

async function targetOf(db: ReadTx, customer: string, managing: string, id: string): Promise<Principal> {
  const theirs = await readPrincipal(db, customer, id)
  if (theirs) {
    if (theirs.kind !== 'managed') throw NotForThat(theirs.name, theirs.kind)
    return theirs
  }
  const own = await readPrincipal(db, managing, id)
  if (!own) throw PrincipalUnknown(id)
  if (own.kind !== 'managed' && own.kind !== 'agent') throw NotForThat(own.name, own.kind)
  return own
}
