import { z } from 'zod'
import {
  assignmentBody,
  assignmentList,
  assignmentShape,
  decisionQuery,
  decisionShape,
  idField,
  nothing,
  roleBody,
  roleList,
  roleShape,
} from '../../api/index.ts'
import {
  ACTIONS,
  type Action,
  AssignmentUnknown,
  assignments,
  checkCondition,
  customRoles,
  DATA_ACTIONS,
  type Decide,
  PrincipalUnknown,
  parseScope,
  readAssignment,
  readAssignments,
  readPrincipal,
  readPrincipals,
  readRoles,
  type Scope,
} from '../../identity/index.ts'
import { type Clock, newId, type ReadTx, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import { nodeAt, tenantAt, tenantId, tenantParams } from './tenants.ts'

const anyAction = z.enum([...ACTIONS, ...DATA_ACTIONS])
const onOne = tenantParams.extend({ id: idField })

type Parts = { store: Store; clock: Clock; decide: Decide }

/** What may be done: roles, and who has them where. */
export function accessRoutes({ store, clock, decide }: Parts): Route[] {
  const on = ({ params }: { params: { tenant: string } }) => tenantAt(store.read, params)

  /** A scope that lies in the tenant of the path: no other is decided on here. */
  async function within(params: { tenant: string }, text: string): Promise<Scope | undefined> {
    const place = parseScope(text)
    const tenant = await tenantAt(store.read, params)
    return tenant?.tenantId === place.tenantId ? nodeAt(store.read, params, place.nodeId) : undefined
  }

  return [
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/roles',
      action: 'role/read',
      allow: 'decided',
      summary: 'The built-in roles and the tenant’s own',
      params: tenantParams,
      on,
      answers: { 200: roleList },
      run: async ({ params }) => ({
        roles: await readRoles(store.read, await tenantId(store.read, params)),
        actions: [...ACTIONS, ...DATA_ACTIONS],
      }),
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/roles',
      action: 'role/write',
      allow: 'decided',
      summary: 'Make a role',
      params: tenantParams,
      body: roleBody,
      on,
      answers: { 201: roleShape },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const input = { tenantId: owner, role: { id: newId(clock, 'rol'), ...body }, from: session().audit(owner) }
        const made = await store.write(customRoles.create, input)
        reply.code(201)
        return made
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/roles/:id',
      action: 'role/delete',
      allow: 'decided',
      summary: 'Delete a role that nobody has',
      params: onOne,
      on,
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        await store.write(customRoles.delete, { tenantId: owner, id: params.id, from: session().audit(owner) })
        reply.code(204)
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/assignments',
      action: 'access/read',
      allow: 'decided',
      summary: 'Who has which role where, those from delegations included',
      params: tenantParams,
      on,
      answers: { 200: assignmentList },
      run: async ({ params }) => {
        const all = await readAssignments(store.read, await tenantId(store.read, params))
        const names = await principalNames(store.read, [...new Set(all.map(one => one.principalTenantId))])
        return { assignments: all.map(one => ({ ...one, principalName: names.get(one.principalId) ?? '' })) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/assignments',
      action: 'access/assign',
      allow: 'decided',
      summary: 'Give a principal of the tenant a role, at the tenant, a group or a resource',
      params: tenantParams,
      body: assignmentBody,
      on: ({ params, body }) => within(params, body.scope),
      answers: { 201: assignmentShape },
      run: async ({ params, body, reply, session }) => {
        await checkCondition(body.condition)
        const owner = await tenantId(store.read, params)
        const made = await store.write(assignments.assign, {
          assignment: {
            ...{ tenantId: owner, id: newId(clock, 'asg'), principalTenantId: owner, source: 'direct' },
            ...body,
          },
          from: session().audit(owner),
        })
        reply.code(201)
        return made
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/assignments/:id',
      action: 'access/delete',
      allow: 'decided',
      summary: 'Take a role away; it counts from the next request on',
      params: onOne,
      on: async ({ params }) => {
        const tenant = await tenantAt(store.read, params)
        const held = tenant && (await readAssignment(store.read, tenant.tenantId, params.id))
        return held && parseScope(held.scope)
      },
      missing: ({ params }) => AssignmentUnknown(params.id),
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        await store.write(assignments.revoke, { tenantId: owner, id: params.id, from: session().audit(owner) })
        reply.code(204)
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/decision',
      action: 'access/read',
      allow: 'decided',
      summary: 'What would be decided for a principal of the tenant, and by which policy',
      params: tenantParams,
      query: decisionQuery.extend({ action: anyAction }),
      on: ({ params, query }) => within(params, query.scope),
      answers: { 200: decisionShape },
      run: async ({ params, query }) => {
        const owner = await tenantId(store.read, params)
        const found = await readPrincipal(store.read, owner, query.principal)
        if (!found) throw PrincipalUnknown(query.principal)
        const { allowed, policies, reason } = await decide({
          caller: { tenantId: owner, id: found.id, kind: found.kind },
          action: query.action satisfies Action,
          scope: parseScope(query.scope),
        })
        return { allowed, policies, reason }
      },
    }),
  ]
}

async function principalNames(db: ReadTx, tenantIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const all = await Promise.all(tenantIds.map(id => readPrincipals(db, id)))
  return new Map(all.flat().map(({ id, name }) => [id, name]))
}
