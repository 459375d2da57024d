import type { ReadTx } from '../../kernel/index.ts'
import type { Decide } from '../decide/decide.ts'
import type { PrincipalRef } from '../principals/principal.ts'
import type { Action } from '../roles/actions.ts'
import { nodeScope, type ResourceNode } from '../tree/node.ts'
import { readNodes } from '../tree/nodes.ts'
import { parseScope, scopeText } from '../tree/scope.ts'
import { readTenant } from '../tree/tenants.ts'
import { readDelegatedTo } from './delegations.ts'

export type CustomerResource = {
  readonly tenantId: string
  readonly tenantName: string
  readonly id: string
  readonly kind: ResourceNode['kind']
  readonly name: string
  readonly scope: string
  /** The delegations that reach it. */
  readonly delegations: readonly string[]
}

/**
 * All customers' groups and resources that this caller may see, in one list, by tenant and name. Each is
 * decided by itself: a delegation to the tenant shows nothing to who is not named in it.
 */
export async function customersResources(
  db: ReadTx,
  decide: Decide,
  caller: PrincipalRef,
): Promise<CustomerResource[]> {
  const all = await readDelegatedTo(db, caller.tenantId)
  const found: CustomerResource[] = []
  for (const tenantId of new Set(all.map(one => one.tenantId))) {
    const tenant = await readTenant(db, tenantId)
    const nodes = await readNodes(db, tenantId)
    const parents = new Map(nodes.map(node => [node.id, node.parentId]))
    for (const node of nodes) {
      const way = upwards(parents, node.id)
      const reached = all.filter(one => one.tenantId === tenantId && way.includes(parseScope(one.scope).nodeId))
      if (reached.length === 0) continue
      const scope = nodeScope(node)
      const action: Action = `${node.kind}/read`
      if (!(await decide({ caller, action, scope })).allowed) continue
      const { id, kind, name } = node
      const delegations = reached.map(one => one.id)
      found.push({ tenantId, tenantName: tenant?.name ?? '', id, kind, name, scope: scopeText(scope), delegations })
    }
  }
  return found.sort((a, b) => compare(a.tenantName, b.tenantName))
}

function upwards(parents: ReadonlyMap<string, string>, id: string): string[] {
  const way: string[] = []
  for (let at: string | undefined = id; at; at = parents.get(at)) way.push(at)
  return way
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
