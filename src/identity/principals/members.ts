import type { AuditFrom } from '../../audit/index.ts'
import { list, type ReadTx, sql, write } from '../../kernel/index.ts'
import { changed } from '../tree/change.ts'
import { GroupCycle, GroupTooDeep, PrincipalRefused, PrincipalUnknown } from './failures.ts'
import type { Principal } from './principal.ts'
import { readPrincipal } from './principals.ts'

/** Groups in groups: a decision carries at most this many levels of them. */
export const DEEPEST_GROUP = 5

type Member = { tenantId: string; groupId: string; memberId: string; from: AuditFrom }

const addMember = write('identity.add-member', async (tx, { tenantId, groupId, memberId, from }: Member) => {
  const group = await readGroup(tx, tenantId, groupId)
  const member = await readPrincipal(tx, tenantId, memberId)
  if (!member) throw PrincipalUnknown(memberId)
  const held = await tx.one(sql`select member_id from group_member
    where tenant_id = ${tenantId} and group_id = ${groupId} and member_id = ${memberId}`)
  if (held) return null
  const outer = await levels(tx, tenantId, groupId, 'out')
  if (outer.flat().includes(memberId)) throw GroupCycle(group.name, member.name)
  if (member.kind === 'group') {
    const inner = await levels(tx, tenantId, memberId, 'in')
    if (outer.length + inner.length > DEEPEST_GROUP) throw GroupTooDeep(DEEPEST_GROUP)
  }
  await tx.run(sql`insert into group_member (tenant_id, group_id, member_id)
    values (${tenantId}, ${groupId}, ${memberId})`)
  await changed(tx, from, { action: 'principal/write', resource: groupId, detail: { added: memberId } })
  return null
})

const removeMember = write('identity.remove-member', async (tx, { tenantId, groupId, memberId, from }: Member) => {
  await readGroup(tx, tenantId, groupId)
  const removed = await tx.run(sql`delete from group_member
    where tenant_id = ${tenantId} and group_id = ${groupId} and member_id = ${memberId}`)
  if (removed === 0) return null
  // A provider that says it again puts it back at the next sign-in.
  await tx.run(sql`delete from provided_member
    where tenant_id = ${tenantId} and group_id = ${groupId} and member_id = ${memberId}`)
  await changed(tx, from, { action: 'principal/write', resource: groupId, detail: { removed: memberId } })
  return null
})

export const members = { add: addMember, remove: removeMember } as const

/** The members of a group, by id; their ids alone. */
export async function readMembers(db: ReadTx, tenantId: string, groupId: string): Promise<string[]> {
  const rows = await db.all<{ member_id: string }>(sql`select member_id from group_member
    where tenant_id = ${tenantId} and group_id = ${groupId} order by member_id`)
  return rows.map(row => row.member_id)
}

/** A principal and every group that it is in, itself first; each pair once. */
export async function groupsOf(db: ReadTx, tenantId: string, id: string): Promise<string[]> {
  return [...new Set((await levels(db, tenantId, id, 'out')).flat())]
}

/** Level by level, the start included; groups only where it goes inwards. */
async function levels(db: ReadTx, tenantId: string, id: string, way: 'in' | 'out'): Promise<string[][]> {
  const found: string[][] = []
  let level = [id]
  // A bound beside the rule: rows that somebody wrote by hand must not turn this into a circle.
  while (level.length > 0 && found.length <= DEEPEST_GROUP) {
    found.push(level)
    const rows = await db.all<{ id: string }>(
      way === 'out'
        ? sql`select distinct group_id as id from group_member
            where tenant_id = ${tenantId} and member_id in (${list(level)})`
        : sql`select distinct principal.id as id from group_member
            join principal on principal.tenant_id = group_member.tenant_id and principal.id = group_member.member_id
            where group_member.tenant_id = ${tenantId} and principal.kind = 'group'
            and group_member.group_id in (${list(level)})`,
    )
    level = rows.map(row => row.id)
  }
  return found
}

async function readGroup(db: ReadTx, tenantId: string, id: string): Promise<Principal> {
  const group = await readPrincipal(db, tenantId, id)
  if (!group) throw PrincipalUnknown(id)
  if (group.kind !== 'group') throw PrincipalRefused(`"${group.name}" is not a group`)
  return group
}
