import {
  groupBody,
  idField,
  lockBody,
  lockList,
  lockShape,
  moveBody,
  nothing,
  type Place,
  placeList,
  placeShape,
} from '../../api/index.ts'
import {
  type Action,
  type Lock,
  locks,
  NodeUnknown,
  nodeScope,
  nodes,
  type ResourceNode,
  readLock,
  readLocks,
  readNode,
  readNodes,
  scopeText,
} from '../../identity/index.ts'
import { type Clock, newId, type Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import type { Session } from './session.ts'
import { nodeAt, tenantAt, tenantId, tenantParams } from './tenants.ts'

const onNode = tenantParams.extend({ id: idField })

/** The tree of a tenant: groups, where resources lie, and what is locked. */
export function groupRoutes({ store, clock }: { store: Store; clock: Clock }): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/resources',
      action: 'group/read',
      allow: 'signed-in',
      summary: 'The groups and resources of a tenant that the caller may see',
      params: tenantParams,
      answers: { 200: placeList },
      run: async ({ params, session }) => {
        const scope = await tenantAt(store.read, params)
        const all = scope ? await readNodes(store.read, scope.tenantId) : []
        return { resources: (await visible(session(), all)).map(shown) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/groups',
      action: 'group/write',
      allow: 'decided',
      summary: 'Make a group, in the tenant or in another group',
      params: tenantParams,
      body: groupBody,
      on: ({ params, body }) =>
        body.parentId === undefined ? tenantAt(store.read, params) : nodeAt(store.read, params, body.parentId),
      answers: { 201: placeShape },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const { name, parentId = owner } = body
        const node = { tenantId: owner, id: newId(clock, 'grp'), parentId, kind: 'group' as const, name }
        const made = await store.write(nodes.createGroup, { node, from: session().audit(owner) })
        reply.code(201)
        return shown(made)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/groups/:id',
      action: 'group/delete',
      allow: 'decided',
      summary: 'Delete a group that holds nothing any more, with what was assigned there',
      params: onNode,
      on: ({ params }) => nodeAt(store.read, params, params.id),
      missing: ({ params }) => NodeUnknown(params.id),
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        await store.write(nodes.deleteGroup, { tenantId: owner, id: params.id, from: session().audit(owner) })
        reply.code(204)
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/resources/:id/move',
      // What it is decided by is of the kind of thing that moves; whoever may not read it is told nothing.
      action: 'group/read',
      allow: 'decided',
      summary: 'Put a group or resource elsewhere in its tenant; needs deleting it there and writing it here',
      params: onNode,
      body: moveBody,
      on: ({ params }) => nodeAt(store.read, params, params.id),
      missing: ({ params }) => NodeUnknown(params.id),
      answers: { 200: placeShape },
      run: async ({ params, body, session }) => {
        const owner = await tenantId(store.read, params)
        const node = await readNode(store.read, owner, params.id)
        const parent = await readNode(store.read, owner, body.parentId)
        if (!node) throw NodeUnknown(params.id)
        if (!parent) throw NodeUnknown(body.parentId)
        // A lock of the old place must not be slipped by moving away from under it.
        await session().demand({ action: actionOf(node, 'delete'), scope: nodeScope(node) })
        await session().demand({ action: actionOf(node, 'write'), scope: nodeScope(parent) })
        const moved = await store.write(nodes.move, {
          ...{ tenantId: owner, id: params.id, parentId: body.parentId, from: session().audit(owner) },
        })
        return shown(moved)
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/tenants/:tenant/locks',
      action: 'lock/read',
      allow: 'decided',
      summary: 'What is locked in a tenant',
      params: tenantParams,
      on: ({ params }) => tenantAt(store.read, params),
      answers: { 200: lockList },
      run: async ({ params }) => ({ locks: await readLocks(store.read, await tenantId(store.read, params)) }),
    }),
    route({
      method: 'POST',
      url: '/api/v1/tenants/:tenant/locks',
      action: 'lock/write',
      allow: 'decided',
      summary: 'Lock a tenant, group or resource and what lies under it, against everybody',
      params: tenantParams,
      body: lockBody,
      on: ({ params, body }) => nodeAt(store.read, params, body.nodeId),
      answers: { 201: lockShape },
      run: async ({ params, body, reply, session }) => {
        const owner = await tenantId(store.read, params)
        const lock: Lock = { tenantId: owner, id: newId(clock, 'lck'), ...body }
        const set = await store.write(locks.set, { lock, from: session().audit(owner) })
        reply.code(201)
        return set
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/v1/tenants/:tenant/locks/:id',
      action: 'lock/delete',
      allow: 'decided',
      summary: 'Take a lock away',
      params: onNode,
      on: async ({ params }) => {
        const tenant = await tenantAt(store.read, params)
        const lock = tenant && (await readLock(store.read, tenant.tenantId, params.id))
        return lock && nodeAt(store.read, params, lock.nodeId)
      },
      answers: { 204: nothing },
      run: async ({ params, reply, session }) => {
        const owner = await tenantId(store.read, params)
        await store.write(locks.remove, { tenantId: owner, id: params.id, from: session().audit(owner) })
        reply.code(204)
      },
    }),
  ]
}

/** Each by itself: a condition may look at the kind or the name, so the parent's answer is not the child's. */
async function visible(session: Session, all: readonly ResourceNode[]): Promise<ResourceNode[]> {
  const seen: ResourceNode[] = []
  for (const node of all) if (await session.may(actionOf(node, 'read'), nodeScope(node))) seen.push(node)
  return seen
}

function actionOf({ kind }: ResourceNode, verb: 'read' | 'write' | 'delete'): Action {
  return `${kind}/${verb}`
}

function shown(node: ResourceNode): Place {
  const { id, kind, name, parentId } = node
  return { id, kind, name, parentId, scope: scopeText(nodeScope(node)) }
}
