import { type Ms, type ReadTx, type Sql, sql } from '../kernel/index.ts'
import type { AuditEntry } from './entry.ts'
import { AuditCursorMalformed } from './failures.ts'
import { type AuditRecord, type AuditRow, toRecord } from './row.ts'

export type AuditFilter = {
  readonly tenantId: string
  readonly resource?: string | undefined
  readonly actorId?: string | undefined
  readonly action?: string | undefined
  readonly result?: AuditEntry['result'] | undefined
  /** UTC milliseconds, included. */
  readonly from?: Ms | undefined
  /** UTC milliseconds, not included. */
  readonly to?: Ms | undefined
}

export type AuditPage = {
  readonly records: readonly AuditRecord[]
  /** Give it as `before` to go on; absent at the end. A page may be short, or empty, and still not be the last. */
  readonly next?: string
}

/** Rows that one page looks at: what is asked for by a filter without an index must not read the whole table. */
const MOST_READ = 2000
const CURSOR = /^[0-9a-f]{12}-[0-9a-f]{4}-[a-z0-9.-]{1,64}\.[0-9a-z]{8}$/

/** The newest first. By resource, actor or time a page costs the same however much there is. */
export async function queryAudit(
  db: ReadTx,
  filter: AuditFilter,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<AuditPage> {
  if (before !== undefined && !CURSOR.test(before)) throw AuditCursorMalformed(before)
  const found: AuditRecord[] = []
  let [end, read] = [before, 0]
  while (found.length < limit) {
    if (read >= MOST_READ) return { records: found, ...(end === undefined ? {} : { next: end }) }
    const rows = await db.all<AuditRow>(newest(filter, end, limit))
    for (const row of rows) {
      if (!fits(row, filter)) continue
      found.push(toRecord(row))
      if (found.length === limit) return { records: found, next: row.id }
    }
    if (rows.length < limit) break
    read += rows.length
    end = rows.at(-1)?.id
  }
  return { records: found }
}

/** The oldest first, until the end or until nobody wants more: a page is in memory, never the whole. */
export async function* eachRecord(db: ReadTx, filter: AuditFilter, limit = 200): AsyncGenerator<AuditRecord[]> {
  for (let after: string | undefined; ; ) {
    const rows = await db.all<AuditRow>(oldest(filter, after, limit))
    yield rows.filter(row => fits(row, filter)).map(toRecord)
    if (rows.length < limit) return
    after = rows.at(-1)?.id
  }
}

/** What the index does not say. */
function fits(row: AuditRow, { actorId, action, result }: AuditFilter): boolean {
  if (actorId !== undefined && row.actor_id !== actorId) return false
  return (action === undefined || row.action === action) && (result === undefined || row.result === result)
}

/**
 * Pairs, not `resource = ? and id < ?`: there SQLite prefers the primary key (tenant, id), and reads every record of
 * the tenant to find the fitting ones.
 */
export function newest(filter: AuditFilter, before: string | undefined, limit: number): Sql {
  const { tenantId, resource, actorId } = filter
  const [low, end] = bounds(filter)
  const high = before !== undefined && before < end ? before : end
  if (resource !== undefined) {
    return sql`select * from audit_entry where tenant_id = ${tenantId}
      and (resource, id) >= (${resource}, ${low}) and (resource, id) < (${resource}, ${high})
      order by resource desc, id desc limit ${limit}`
  }
  if (actorId !== undefined) {
    return sql`select * from audit_entry where tenant_id = ${tenantId}
      and (actor_id, id) >= (${actorId}, ${low}) and (actor_id, id) < (${actorId}, ${high})
      order by actor_id desc, id desc limit ${limit}`
  }
  return sql`select * from audit_entry where tenant_id = ${tenantId}
    and id >= ${low} and id < ${high} order by id desc limit ${limit}`
}

function oldest(filter: AuditFilter, after: string | undefined, limit: number): Sql {
  const { tenantId, resource, actorId } = filter
  const [begin, high] = bounds(filter)
  // The text right after an id is the id with a NUL, which texts can't hold; a space sorts below all that ids hold.
  const low = after === undefined ? begin : `${after} `
  if (resource !== undefined) {
    return sql`select * from audit_entry where tenant_id = ${tenantId}
      and (resource, id) >= (${resource}, ${low}) and (resource, id) < (${resource}, ${high})
      order by resource, id limit ${limit}`
  }
  if (actorId !== undefined) {
    return sql`select * from audit_entry where tenant_id = ${tenantId}
      and (actor_id, id) >= (${actorId}, ${low}) and (actor_id, id) < (${actorId}, ${high})
      order by actor_id, id limit ${limit}`
  }
  return sql`select * from audit_entry where tenant_id = ${tenantId}
    and id >= ${low} and id < ${high} order by id limit ${limit}`
}

/** Ids begin with their time: 12 hex digits of it sort before every id of that millisecond. */
function bounds({ from, to }: AuditFilter): [low: string, end: string] {
  const hex = (time: Ms) => Math.max(0, Math.floor(time)).toString(16).padStart(12, '0')
  return [from === undefined ? '' : hex(from), to === undefined ? 'g' : hex(to)]
}
