import { z } from 'zod'
import {
  type CustomerAssignment,
  customerAssignmentBody,
  customerAssignmentShape,
  customerResourceList,
  missingList,
  pickBody,
  pickShape,
} from '../../api/index.ts'
import { type AuditFrom, recordAlone } from '../../audit/index.ts'
import {
  ACTIONS,
  type Assignment,
  assignable,
  assignDelegated,
  customersResources,
  type Decide,
  DelegatedRolesRequired,
  missingPermissions,
  NodeUnknown,
  type Principal,
  PrincipalUnknown,
  parseScope,
  reaching,
  readPrincipals,
  roleIdOf,
  roleNameOf,
  type Scope,
  scopeText,
  smallestRoles,
} from '../../identity/index.ts'
import { Failure, type ReadTx, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import type { Session } from './session.ts'

const pick = pickBody.extend({
  // The default is what an investigation reads.
  needed: z
    .array(z.enum(ACTIONS))
    .max(100)
    .default(['group/read', 'registry/read', 'cluster/read', 'metric/read', 'log/read']),
})

type Parts = { store: Store; decide: Decide }

/** What a tenant does in others, by what they delegated to it. */
export function managedRoutes({ store, decide }: Parts): Route[] {
  const findMissing = async (session: Session, { identity, scope: place, needed }: z.output<typeof pick>) => {
    const { tenantId } = session.principal
    const scope = parseScope(place)
    const found = await identityOf(store.read, tenantId, identity)
    await session.demand({ action: 'principal/read', scope: { tenantId, kind: 'tenant', nodeId: tenantId } })
    if ((await reaching(store.read, tenantId, scope)).length === 0) throw NodeUnknown(place)
    const lacks = () => missingPermissions({ db: store.read, decide, identity: found, scope, needed })
    return { found, scope, lacks }
  }

  return [
    route({
      method: 'GET',
      url: '/api/v1/customers/resources',
      action: 'customer.list',
      allow: 'signed-in',
      summary: 'The resources of all customers, as far as the caller may see them',
      answers: { 200: customerResourceList },
      run: async ({ session }) => ({ resources: await customersResources(store.read, decide, session().principal) }),
    }),
    route({
      method: 'POST',
      url: '/api/v1/customers/assignments',
      action: 'customer.assign',
      allow: 'signed-in',
      summary: 'Give a managed identity a role in a customer’s tenant, through delegated User Access Administrator',
      body: customerAssignmentBody,
      answers: { 201: customerAssignmentShape },
      run: async ({ body, reply, session, raw }) => {
        const { scope, role, principal } = body
        const address = raw.socket.remoteAddress
        const wanted = { scope: parseScope(scope), roleId: roleIdOf(role), principalId: principal, address }
        const made = await assign({ store, decide }, session(), wanted)
        reply.code(201)
        return shown(made)
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/customers/scopes/check',
      action: 'customer.check',
      allow: 'signed-in',
      summary: 'What an identity lacks at a customer’s place, and who can grant it; changes nothing',
      body: pick,
      answers: { 200: missingList },
      run: async ({ body, session }) => ({ missing: await (await findMissing(session(), body)).lacks() }),
    }),
    route({
      method: 'POST',
      url: '/api/v1/customers/scopes',
      action: 'customer.pick',
      allow: 'signed-in',
      summary: 'Let an agent work at a customer’s place: assigns what it lacks, as far as the caller may',
      body: pick,
      answers: { 200: pickShape },
      run: async ({ body, session, raw }) => {
        const { found, scope, lacks } = await findMissing(session(), body)
        const lacking = await lacks()
        if (lacking.length === 0) return { added: [], missing: [] }
        const mine = await assignable(store.read, session().principal, scope)
        if (mine.length === 0) throw DelegatedRolesRequired(session().principal.id)
        const actions = lacking.filter(one => one.roles.length > 0).map(one => one.action)
        const roles = smallestRoles(
          mine.flatMap(one => one.roleIds),
          actions,
        )
        const added: Assignment[] = []
        const address = raw.socket.remoteAddress
        for (const roleId of roles)
          added.push(await assign({ store, decide }, session(), { scope, roleId, principalId: found.id, address }))
        return { added: added.map(shown), missing: await lacks() }
      },
    }),
  ]
}

type Wanted = { scope: Scope; roleId: string; principalId: string; address: string | undefined }

/** What is refused stands in the audits of both tenants, as what is done does; where nothing was delegated, in the caller's alone. */
async function assign(parts: Parts, session: Session, wanted: Wanted): Promise<Assignment> {
  const { store } = parts
  const { scope } = wanted
  const from = session.audit(scope.tenantId)
  try {
    return await assignDelegated(parts, { ...wanted, from })
  } catch (error) {
    if (error instanceof Failure && error.status < 500) {
      const own = session.principal.tenantId
      const reached = (await reaching(store.read, own, scope)).length > 0
      for (const tenantId of reached ? [scope.tenantId, own] : [own])
        await refused(store, { ...from, tenantId }, scope, error)
    }
    throw error
  }
}

async function refused(store: Store, from: AuditFrom, scope: Scope, error: Failure): Promise<void> {
  const { region, policyId: _none, ...origin } = from
  const entry = {
    ...origin,
    action: 'access/assign',
    resource: scopeText(scope),
    result: 'denied' as const,
    detail: { code: error.code },
  }
  await store.write(recordAlone, { region, entry })
}

async function identityOf(db: ReadTx, tenantId: string, text: string): Promise<Principal> {
  const found = (await readPrincipals(db, tenantId)).find(one => one.id === text || one.name === text)
  if (!found || (found.kind !== 'agent' && found.kind !== 'managed')) throw PrincipalUnknown(text)
  return found
}

function shown({ id, scope, principalId, roleId, source }: Assignment): CustomerAssignment {
  return { id, scope, principalId, role: roleNameOf(roleId), source }
}
