import { type Clock, leaseMigrations, leaseWrites, type Sql, type Store, takeLease, write } from '../kernel/index.ts'
import type { TestEngine } from '../kernel/store/engines.fixture.ts'
import { storeInVirtualTime } from '../kernel/store/virtual-time.fixture.ts'
import type { AuditEntry } from './entry.ts'
import { newAuditKeys, parseAuditKeys } from './keys.ts'
import { recordAudit } from './record.ts'
import { auditMigrations } from './schema.ts'
import { sealOnce } from './sealer.ts'
import { auditWrites } from './writes.ts'

type Recorded = { region?: string; entries: readonly AuditEntry[]; fail?: boolean }

/** A change like any room's: several entries, and perhaps it fails after them. */
export const change = write('test.change', async (tx, { region = 'home', entries, fail = false }: Recorded) => {
  for (const entry of entries) await recordAudit(tx, region, entry)
  if (fail) throw new Error('rolled back')
})

/** Somebody with a connection to the database. */
export const tamper = write('test.tamper', async (tx, statements: readonly Sql[]) => {
  for (const statement of statements) await tx.run(statement)
})

export function entry(some: Partial<AuditEntry> = {}): AuditEntry {
  const actor = { id: 'user:ann', kind: 'user', tenantId: 'ten_a' }
  return {
    tenantId: 'ten_a',
    actor,
    onBehalfOf: [],
    action: 'thing.create',
    resource: 'thing_1',
    result: 'done',
    ...some,
  }
}

export const testKeys = parseAuditKeys(newAuditKeys([]), 'test')

export function openAudit(engine: TestEngine) {
  return storeInVirtualTime(engine, {
    migrations: [...leaseMigrations, ...auditMigrations],
    writes: [...leaseWrites, ...auditWrites, change, tamper],
  })
}

/** Seals what there is, as the sealer does; throws what it would report. */
export async function seal(parts: { store: Store; clock: Clock }, keys = testKeys, region = 'home'): Promise<number> {
  const lease = await parts.store.write(takeLease, { name: `audit/${region}`, holder: 'test', ms: 3_600_000 })
  if (lease === undefined) throw new Error('another holds the lease')
  const onError = (error: unknown) => {
    throw error
  }
  return sealOnce({ ...parts, keys, region, onError }, lease)
}
