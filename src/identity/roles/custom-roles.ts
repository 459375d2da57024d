import { z } from 'zod'
import type { AuditFrom } from '../../audit/index.ts'
import { type ReadTx, sql, write } from '../../kernel/index.ts'
import { changed } from '../tree/change.ts'
import { ACTIONS, DATA_ACTIONS, names } from './actions.ts'
import { BUILT_IN_ROLES, builtInRole } from './built-in.ts'
import { RoleInUse, RoleNameTaken, RoleRefused, RoleUnknown } from './failures.ts'
import { actionsOf, type Role } from './role.ts'

type RoleRow = {
  id: string
  name: string
  description: string
  actions: string
  not_actions: string
  data_actions: string
}
type NewRole = Omit<Role, 'builtIn' | 'azureId'>

const patterns = z.array(z.string())

const createRole = write(
  'identity.create-role',
  async (tx, { tenantId, role, from }: { tenantId: string; role: NewRole; from: AuditFrom }): Promise<Role> => {
    const held = await readRole(tx, tenantId, role.id)
    // The same id again: the answer to the first attempt was lost.
    if (held) return held
    checkPatterns(role)
    const same = (await readRoles(tx, tenantId)).find(one => one.name.toLowerCase() === role.name.toLowerCase())
    if (same) throw RoleNameTaken(role.name)
    const { id, name, description, actions, notActions, dataActions } = role
    await tx.run(sql`insert into custom_role
      (tenant_id, id, name, description, actions, not_actions, data_actions, created_at) values
      (${tenantId}, ${id}, ${name}, ${description}, ${JSON.stringify(actions)}, ${JSON.stringify(notActions)},
      ${JSON.stringify(dataActions)}, ${tx.clock.now()})`)
    await changed(tx, from, { action: 'role/write', resource: id, detail: { name } })
    return { ...role, builtIn: false }
  },
)

const deleteRole = write(
  'identity.delete-role',
  async (tx, { tenantId, id, from }: { tenantId: string; id: string; from: AuditFrom }): Promise<null> => {
    const held = await readRole(tx, tenantId, id)
    if (!held) throw RoleUnknown(id)
    if (held.builtIn) throw RoleRefused(`"${held.name}" is built in and stays`)
    const used = await tx.one<{ id: string }>(sql`select id from role_assignment
      where tenant_id = ${tenantId} and role_id = ${id}`)
    if (used) throw RoleInUse(held.name, used.id)
    await tx.run(sql`delete from custom_role where tenant_id = ${tenantId} and id = ${id}`)
    await changed(tx, from, { action: 'role/delete', resource: id, detail: { name: held.name } })
    return null
  },
)

export const customRoles = { create: createRole, delete: deleteRole } as const

/** The built-in ones, then the tenant's own by name. */
export async function readRoles(db: ReadTx, tenantId: string): Promise<Role[]> {
  const rows = await db.all<RoleRow>(sql`
    select id, name, description, actions, not_actions, data_actions from custom_role
    where tenant_id = ${tenantId} order by name`)
  return [...BUILT_IN_ROLES, ...rows.map(toRole)]
}

/** By our id or Azure's; a custom one only from this tenant. */
export async function readRole(db: ReadTx, tenantId: string, id: string): Promise<Role | undefined> {
  const builtIn = builtInRole(id)
  if (builtIn) return builtIn
  const row = await db.one<RoleRow>(sql`
    select id, name, description, actions, not_actions, data_actions from custom_role
    where tenant_id = ${tenantId} and id = ${id}`)
  return row && toRole(row)
}

function checkPatterns({ actions, notActions, dataActions }: Pick<Role, 'actions' | 'notActions' | 'dataActions'>) {
  for (const [list, known] of [
    [actions, ACTIONS],
    [notActions, ACTIONS],
    [dataActions, DATA_ACTIONS],
  ] as const) {
    const wrong = list.find(pattern => !known.some(action => names(pattern, action)))
    if (wrong !== undefined) throw RoleRefused(`"${wrong}" names nothing that can be allowed`)
  }
  if (actionsOf({ actions, notActions, dataActions }).length === 0) throw RoleRefused('The role would allow nothing')
}

function toRole(row: RoleRow): Role {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    builtIn: false,
    actions: patterns.parse(JSON.parse(row.actions)),
    notActions: patterns.parse(JSON.parse(row.not_actions)),
    dataActions: patterns.parse(JSON.parse(row.data_actions)),
  }
}
