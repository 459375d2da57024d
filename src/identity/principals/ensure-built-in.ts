import { sql, write } from '../../kernel/index.ts'
import { insertAssignment } from '../roles/assignments.ts'
import { DEFAULT_TENANT } from '../tree/node.ts'
import { insertNode, readNodeById } from '../tree/nodes.ts'
import { scopeText, tenantScope } from '../tree/scope.ts'
import { insertTenant, readTenant } from '../tree/tenants.ts'
import { ADMIN_PRINCIPAL } from './principal.ts'
import { insertPrincipal, readPrincipal } from './principals.ts'

/** The policy that decides for the local admin in the default tenant. */
export const ADMIN_ASSIGNMENT = 'asg_admin_owner'

type Adopted = { readonly id: string; readonly name: string; readonly tenantId: string }

/**
 * What is there from the first start: the default tenant, the local admin as its Owner and as administrator of the
 * platform. Registries that no tree holds yet (they came before there were tenants) get their place in one.
 * Nobody asked for any of it, so it is in no audit.
 */
export const ensureBuiltIn = write(
  'identity.ensure-built-in',
  async (tx, { registries }: { registries: readonly Adopted[] }): Promise<null> => {
    const { tenantId, id, kind } = ADMIN_PRINCIPAL
    if (!(await readTenant(tx, tenantId))) await insertTenant(tx, DEFAULT_TENANT)
    if (!(await readPrincipal(tx, tenantId, id))) {
      const rest = { name: 'admin', ownerId: '', resourceId: '', platformAdministrator: true }
      await insertPrincipal(tx, { tenantId, id, kind, ...rest })
      const scope = scopeText(tenantScope(tenantId))
      const who = { tenantId, principalTenantId: tenantId, principalId: id }
      await insertAssignment(tx, {
        ...who,
        id: ADMIN_ASSIGNMENT,
        roleId: 'rol_owner',
        scope,
        condition: '',
        source: 'direct',
      })
    }
    for (const registry of registries) {
      if (await readNodeById(tx, registry.id)) continue
      await insertNode(tx, { ...registry, parentId: registry.tenantId, kind: 'registry' })
      await tx.run(sql`update tenant set version = version + 1 where id = ${registry.tenantId}`)
    }
    return null
  },
)
