import type { AuditFrom } from '../../audit/index.ts'
import { list, type ReadTx, sql, type Tx, write } from '../../kernel/index.ts'
import { changed } from './change.ts'
import { NodeMoveRefused, NodeNameTaken, NodeNotEmpty, NodeUnknown } from './failures.ts'
import { type NodeKind, nodeScope, type ResourceKind, type ResourceNode } from './node.ts'
import { scopeText } from './scope.ts'

/** The tenant, seven groups and a resource: deep enough to say where, and a decision carries at most these. */
export const DEEPEST = 9

type NodeRow = { tenant_id: string; id: string; parent_id: string; kind: NodeKind; name: string }
type NodeInput = { node: ResourceNode; from: AuditFrom }
type Place = { tenantId: string; id: string; from: AuditFrom }

const createGroup = write('identity.create-group', async (tx, { node, from }: NodeInput): Promise<ResourceNode> => {
  const held = await readNode(tx, node.tenantId, node.id)
  // The same id again: the answer to the first attempt was lost.
  if (held) return held
  await insertNode(tx, { ...node, kind: 'group' })
  await changed(tx, from, { action: 'group/write', resource: textOf(node), detail: { name: node.name } })
  return node
})

const deleteGroup = write('identity.delete-group', async (tx, { tenantId, id, from }: Place): Promise<null> => {
  const node = await mustRead(tx, tenantId, id)
  if (node.kind !== 'group') throw NodeUnknown(id)
  await deleteNode(tx, node)
  await changed(tx, from, { action: 'group/delete', resource: textOf(node), detail: { name: node.name } })
  return null
})

const moveNode = write(
  'identity.move-node',
  async (tx, { tenantId, id, parentId, from }: Place & { parentId: string }): Promise<ResourceNode> => {
    const node = await mustRead(tx, tenantId, id)
    if (node.kind === 'tenant') throw NodeMoveRefused('a tenant is the top of its tree')
    if (node.parentId === parentId) return node
    const above = await chainOf(tx, tenantId, parentId)
    checkParent(above, parentId)
    if (above.some(one => one.id === id)) throw NodeMoveRefused('that place lies inside of it')
    if (above.length + (await heightOf(tx, tenantId, id)) > DEEPEST) throw tooDeep()
    const moved = { ...node, parentId }
    await checkName(tx, moved)
    await tx.run(sql`update resource_node set parent_id = ${parentId} where tenant_id = ${tenantId} and id = ${id}`)
    const detail = { from: node.parentId, to: parentId }
    await changed(tx, from, { action: `${node.kind}/write`, resource: textOf(node), detail })
    return moved
  },
)

export const nodes = { createGroup, deleteGroup, move: moveNode } as const

/** For the owner of a kind of resource, in the transaction that makes the resource itself. */
export async function insertNode(tx: Tx, node: ResourceNode): Promise<void> {
  const above = await chainOf(tx, node.tenantId, node.parentId)
  checkParent(above, node.parentId)
  if (above.length + 1 > DEEPEST) throw tooDeep()
  await checkName(tx, node)
  await tx.run(sql`insert into resource_node (tenant_id, id, parent_id, kind, name)
    values (${node.tenantId}, ${node.id}, ${node.parentId}, ${node.kind}, ${node.name})`)
}

/** Takes what was assigned there and its locks with it. Refused while something lies under it or belongs to it. */
export async function deleteNode(tx: Tx, { tenantId, id, name }: ResourceNode): Promise<void> {
  const child = await tx.one<{ name: string; kind: string }>(sql`select name, kind from resource_node
    where tenant_id = ${tenantId} and parent_id = ${id}`)
  if (child) throw NodeNotEmpty(name, `the ${child.kind} "${child.name}"`)
  const managed = await tx.one<{ name: string }>(sql`select name from principal
    where tenant_id = ${tenantId} and resource_id = ${id}`)
  if (managed) throw NodeNotEmpty(name, `the managed identity "${managed.name}"`)
  const delegated = await tx.one<{ source: string }>(sql`select source from role_assignment
    where tenant_id = ${tenantId} and node_id = ${id} and source <> 'direct'`)
  if (delegated) throw NodeNotEmpty(name, `the delegation ${delegated.source}`)
  await tx.run(sql`delete from role_assignment where tenant_id = ${tenantId} and node_id = ${id}`)
  await tx.run(sql`delete from resource_lock where tenant_id = ${tenantId} and node_id = ${id}`)
  await tx.run(sql`delete from resource_node where tenant_id = ${tenantId} and id = ${id}`)
}

export async function readNode(db: ReadTx, tenantId: string, id: string): Promise<ResourceNode | undefined> {
  const row = await db.one<NodeRow>(sql`select tenant_id, id, parent_id, kind, name from resource_node
    where tenant_id = ${tenantId} and id = ${id}`)
  return row && toNode(row)
}

/** For what is known by an id alone, as a registry: whose it is. */
export async function readNodeById(db: ReadTx, id: string): Promise<ResourceNode | undefined> {
  const row = await db.one<NodeRow>(sql`select tenant_id, id, parent_id, kind, name from resource_node
    where id = ${id}`)
  return row && toNode(row)
}

/** By name; the tenant's own node first. */
export async function readNodes(db: ReadTx, tenantId: string): Promise<ResourceNode[]> {
  const rows = await db.all<NodeRow>(sql`select tenant_id, id, parent_id, kind, name from resource_node
    where tenant_id = ${tenantId} order by case when parent_id = '' then 0 else 1 end, name, id`)
  return rows.map(toNode)
}

/** Whose the resources of a kind are: tenant ids by theirs. */
export async function readOwners(db: ReadTx, kind: ResourceKind): Promise<ReadonlyMap<string, string>> {
  const rows = await db.all<{ id: string; tenant_id: string }>(
    sql`select id, tenant_id from resource_node where kind = ${kind}`,
  )
  return new Map(rows.map(row => [row.id, row.tenant_id]))
}

/** The node and all that it lies in, itself first; empty where it is not there. */
export async function chainOf(db: ReadTx, tenantId: string, id: string): Promise<ResourceNode[]> {
  const rows = await db.all<NodeRow & { depth: number }>(sql`
    with recursive chain (tenant_id, id, parent_id, kind, name, depth) as (
      select tenant_id, id, parent_id, kind, name, 0 from resource_node where tenant_id = ${tenantId} and id = ${id}
      union all
      select above.tenant_id, above.id, above.parent_id, above.kind, above.name, chain.depth + 1
      from resource_node above join chain on above.tenant_id = chain.tenant_id and above.id = chain.parent_id
      where chain.depth < ${DEEPEST}
    ) select tenant_id, id, parent_id, kind, name, depth from chain order by depth`)
  return rows.map(toNode)
}

/** Levels of the node and what lies under it. */
async function heightOf(db: ReadTx, tenantId: string, id: string): Promise<number> {
  let level = [id]
  for (let height = 0; ; height++) {
    if (level.length === 0 || height > DEEPEST) return height
    const rows = await db.all<{ id: string }>(sql`select id from resource_node
      where tenant_id = ${tenantId} and parent_id in (${list(level)})`)
    level = rows.map(row => row.id)
  }
}

function checkParent([parent]: readonly ResourceNode[], id: string): void {
  if (!parent) throw NodeUnknown(id)
  if (parent.kind !== 'tenant' && parent.kind !== 'group') throw NodeMoveRefused(`"${parent.name}" is not a group`)
}

async function checkName(db: ReadTx, { tenantId, id, parentId, kind, name }: ResourceNode): Promise<void> {
  const held = await db.one<{ id: string }>(sql`select id from resource_node
    where tenant_id = ${tenantId} and parent_id = ${parentId} and kind = ${kind} and name = ${name}`)
  if (held && held.id !== id) throw NodeNameTaken(name)
}

async function mustRead(db: ReadTx, tenantId: string, id: string): Promise<ResourceNode> {
  const node = await readNode(db, tenantId, id)
  if (!node) throw NodeUnknown(id)
  return node
}

function toNode({ tenant_id, id, parent_id, kind, name }: NodeRow): ResourceNode {
  return { tenantId: tenant_id, id, parentId: parent_id, kind, name }
}

function textOf(node: ResourceNode): string {
  return scopeText(nodeScope(node))
}

function tooDeep() {
  return NodeMoveRefused(`a tree has at most ${DEEPEST} levels`)
}
