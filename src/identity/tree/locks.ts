import type { AuditFrom } from '../../audit/index.ts'
import { type ReadTx, sql, write } from '../../kernel/index.ts'
import { changed } from './change.ts'
import { LockUnknown, NodeUnknown } from './failures.ts'
import { type Lock, type LockKind, nodeScope } from './node.ts'
import { readNode } from './nodes.ts'
import { scopeText } from './scope.ts'

type LockRow = { tenant_id: string; id: string; node_id: string; kind: LockKind; note: string }

const setLock = write(
  'identity.set-lock',
  async (tx, { lock, from }: { lock: Lock; from: AuditFrom }): Promise<Lock> => {
    const { tenantId, id, nodeId, kind, note } = lock
    const node = await readNode(tx, tenantId, nodeId)
    if (!node) throw NodeUnknown(nodeId)
    const held = (await readLocks(tx, tenantId)).find(one => one.nodeId === nodeId && one.kind === kind)
    // One of a kind at a place is enough; the first one stays, whoever asks again.
    if (held) return held
    await tx.run(sql`insert into resource_lock (tenant_id, id, node_id, kind, note, created_at)
    values (${tenantId}, ${id}, ${nodeId}, ${kind}, ${note}, ${tx.clock.now()})`)
    await changed(tx, from, { action: 'lock/write', resource: scopeText(nodeScope(node)), detail: { lock: id, kind } })
    return lock
  },
)

const removeLock = write(
  'identity.remove-lock',
  async (tx, { tenantId, id, from }: { tenantId: string; id: string; from: AuditFrom }): Promise<null> => {
    const held = await readLock(tx, tenantId, id)
    if (!held) throw LockUnknown(id)
    await tx.run(sql`delete from resource_lock where tenant_id = ${tenantId} and id = ${id}`)
    const node = await readNode(tx, tenantId, held.nodeId)
    const resource = node ? scopeText(nodeScope(node)) : held.nodeId
    await changed(tx, from, { action: 'lock/delete', resource, detail: { lock: id, kind: held.kind } })
    return null
  },
)

export const locks = { set: setLock, remove: removeLock } as const

/** In the order in which they were set. */
export async function readLocks(db: ReadTx, tenantId: string): Promise<Lock[]> {
  const rows = await db.all<LockRow>(sql`select tenant_id, id, node_id, kind, note from resource_lock
    where tenant_id = ${tenantId} order by id`)
  return rows.map(toLock)
}

export async function readLock(db: ReadTx, tenantId: string, id: string): Promise<Lock | undefined> {
  return (await readLocks(db, tenantId)).find(lock => lock.id === id)
}

function toLock({ tenant_id, id, node_id, kind, note }: LockRow): Lock {
  return { tenantId: tenant_id, id, nodeId: node_id, kind, note }
}
