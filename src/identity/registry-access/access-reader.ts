import { type Clock, type ReadTx, sql } from '../../kernel/index.ts'
import { readTenantAccess } from './read-access.ts'
import type { TenantAccess } from './tenant-access.ts'

export type AccessReader = {
  /** What regions hear of all tenants that have registries, by id. `db` is one snapshot, or a version would stand for rows of another. */
  read(db: ReadTx): Promise<TenantAccess[]>
  /** How many principals the bound cut off when it was last read. */
  leftOut(): number
}

type Held = { readonly version: number; readonly access: TenantAccess; readonly leftOut: number }

/**
 * Asked every two seconds, so it is worked out once a version of a tenant: everything it is made of makes that grow.
 */
export function createAccessReader(clock: Clock): AccessReader {
  let held: ReadonlyMap<string, Held> = new Map()

  async function read(db: ReadTx): Promise<TenantAccess[]> {
    const tenants = await db.all<{ id: string; version: number }>(sql`select id, version from tenant order by id`)
    const now = new Map<string, Held>()
    for (const { id, version } of tenants) {
      const known = held.get(id)
      const same = known?.version === version ? known : undefined
      now.set(id, same ?? { version, ...(await readTenantAccess(db, id, clock.now())) })
    }
    held = now
    return [...now.values()].map(one => one.access).filter(one => one.registries.length > 0)
  }

  return { read, leftOut: () => [...held.values()].reduce((sum, one) => sum + one.leftOut, 0) }
}
