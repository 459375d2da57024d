import { Readable } from 'node:stream'
import { z } from 'zod'
import { auditCheckShape, auditExportQuery, auditQuery, auditRecordList, auditVerifyQuery } from '../../api/index.ts'
import { type AuditKeys, exportAudit, queryAudit, verifyAudit } from '../../audit/index.ts'
import type { Clock, Store } from '../../kernel/index.ts'
import { type Route, route } from './route.ts'
import { tenantAt, tenantId } from './tenants.ts'

const NDJSON = 'application/x-ndjson'
/** One answer looks at so many records, half a second's work; its `next` goes on. */
const MOST_VERIFIED = 50_000

type Parts = {
  store: Store
  clock: Clock
  /** Of a file that is sealed: they may be away. */
  keys: () => Promise<AuditKeys>
  version: string
}

/** Who did what: to look at, to verify and to take away. */
export function auditRoutes({ store, clock, keys, version }: Parts): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/v1/audit',
      action: 'audit/read',
      allow: 'decided',
      on: ({ query }) => tenantAt(store.read, query),
      summary: 'Who did what, the newest first; `next` is the `before` of the page after',
      query: auditQuery,
      answers: { 200: auditRecordList },
      run: async ({ query: { tenant, actor: actorId, before, limit, ...rest } }) =>
        queryAudit(
          store.read,
          { tenantId: await tenantId(store.read, { tenant }), actorId, ...rest },
          { before, limit },
        ),
    }),
    route({
      method: 'GET',
      url: '/api/v1/audit/verify',
      action: 'audit/read',
      allow: 'decided',
      on: ({ query }) => tenantAt(store.read, query),
      summary:
        'Whether a record before the last signed head was altered, removed or added; `next` is the `after` to go on',
      query: auditVerifyQuery,
      answers: { 200: auditCheckShape },
      run: async ({ query: { tenant, region, after, anchor: anchors } }) => {
        const whose = await tenantId(store.read, { tenant })
        const asked = {
          store,
          clock,
          keys: await keys(),
          tenantId: whose,
          region,
          after,
          anchors,
          limit: MOST_VERIFIED,
        }
        const { next, ...check } = await verifyAudit(asked)
        return { ...check, ...(next === undefined ? {} : { next: `${next.sequence}:${next.hash}` }) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/audit/export',
      action: 'audit/export',
      allow: 'decided',
      on: ({ query }) => tenantAt(store.read, query),
      summary:
        'Sealed records, the oldest first, one JSON a line: as they are with the signed heads, or as OCSF events',
      query: auditExportQuery,
      answers: { 200: z.unknown() },
      run: async ({ query: { tenant, actor: actorId, format, ...rest }, reply }) => {
        const whose = await tenantId(store.read, { tenant })
        const lines = exportAudit(store.read, { filter: { tenantId: whose, actorId, ...rest }, format, version })
        return reply.type(NDJSON).send(Readable.from(lines, { objectMode: false }))
      },
    }),
  ]
}
