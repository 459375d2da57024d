import type { AuditCheck } from '../api/index.ts'
import {
  type AuditAnchor,
  type AuditFilter,
  type AuditKeys,
  type AuditPage,
  exportAudit,
  queryAudit,
  verifyAudit,
} from '../audit/index.ts'
import type { Clock, Store } from '../kernel/index.ts'
import { VERSION } from './version.ts'

export type Verifying = {
  tenantId: string
  after?: AuditAnchor | undefined
  anchors: readonly AuditAnchor[]
}
type Check = Pick<AuditCheck, 'region' | 'checked' | 'head' | 'unsealed'> & {
  readonly problems: readonly AuditCheck['problems'][number][]
  readonly next: AuditAnchor | undefined
}
export type Exporting = { filter: AuditFilter; format: 'jsonl' | 'ocsf' }

/** The audit of one database: the own one (`ownAudit`), or a region's from afar (`regionAuditReader`). */
export type AuditReader = {
  query(filter: AuditFilter, page: { before?: string | undefined; limit: number }): Promise<AuditPage>
  verify(asked: Verifying): Promise<Check>
  /** Resolves once it has begun; what goes wrong later is thrown to whoever reads. */
  export(asked: Exporting): Promise<AsyncIterable<string | Uint8Array>>
}

/** One answer looks at so many records, half a second's work; its `next` goes on. */
const MOST_VERIFIED = 50_000

type Parts = { store: Store; clock: Clock; region: string; keys: () => Promise<AuditKeys> }

/** Of the database that this process has. */
export function ownAudit({ store, clock, region, keys }: Parts): AuditReader {
  return {
    query: (filter, page) => queryAudit(store.read, filter, page),
    async verify(asked) {
      const { head, ...check } = await verifyAudit({
        store,
        clock,
        keys: await keys(),
        region,
        limit: MOST_VERIFIED,
        ...asked,
      })
      return { ...check, ...(head === undefined ? {} : { head }) }
    },
    export: async ({ filter, format }) => exportAudit(store.read, { filter, format, version: VERSION }),
  }
}
