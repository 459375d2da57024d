import { Readable } from 'node:stream'
import { z } from 'zod'
import {
  auditChainList,
  auditChainQuery,
  auditCheckShape,
  auditExportQuery,
  auditQuery,
  auditRecordList,
  auditVerifyQuery,
} from '../../api/index.ts'
import type { AuditKeys } from '../../audit/index.ts'
import type { Clock, Config, Store } from '../../kernel/index.ts'
import { CONTROL_REGION } from '../audit.ts'
import { placeText } from '../audit-questions.ts'
import { keptAnchors } from '../kept-anchors.ts'
import { type AuditReader, ownAudit } from '../own-audit.ts'
import { regionAuditReader } from '../region-audit-reader.ts'
import { type Route, route } from './route.ts'
import { tenantAt, tenantId } from './tenants.ts'

const NDJSON = 'application/x-ndjson'

type Parts = {
  config: Config
  store: Store
  clock: Clock
  /** Of a file that is sealed: they may be away. */
  keys: () => Promise<AuditKeys>
}

/** Who did what: to look at, to verify and to take away; control's own, and each region's from its nodes. */
export function auditRoutes({ config, store, clock, keys }: Parts): Route[] {
  const own = ownAudit({ store, clock, region: CONTROL_REGION, keys })
  const of = (region: string): AuditReader => (region === CONTROL_REGION ? own : regionAuditReader(config, region))
  const at = { on: ({ query }: { query: { tenant: string } }) => tenantAt(store.read, query) }

  return [
    route({
      ...{ method: 'GET', url: '/api/v1/audit', action: 'audit/read', allow: 'decided', ...at },
      summary: 'Who did what, the newest first; `next` is the `before` of the page after',
      query: auditQuery,
      answers: { 200: auditRecordList },
      run: async ({ query: { tenant, region, actor: actorId, before, limit, ...rest } }) =>
        of(region).query({ tenantId: await tenantId(store.read, { tenant }), actorId, ...rest }, { before, limit }),
    }),
    route({
      ...{ method: 'GET', url: '/api/v1/audit/chains', action: 'audit/read', allow: 'decided', ...at },
      summary: 'Where a tenant has a chain: in the database of control, and of each region',
      query: auditChainQuery,
      answers: { 200: auditChainList },
      run: async () => ({
        chains: [CONTROL_REGION, ...config.regions.map(({ name }) => name)].map(region => ({ region })),
      }),
    }),
    route({
      ...{ method: 'GET', url: '/api/v1/audit/verify', action: 'audit/read', allow: 'decided', ...at },
      summary:
        'Whether a record before the last signed head was altered, removed or added, and whether the chain still has what other databases know of it; `next` is the `after` to go on',
      query: auditVerifyQuery,
      answers: { 200: auditCheckShape },
      run: async ({ query: { tenant, region, after, anchor: given } }) => {
        const whose = await tenantId(store.read, { tenant })
        const reader = of(region)
        // Before the chain is looked at: what is known of it can only be older than what is found.
        const kept = await keptAnchors({ config, db: store.read, keys: await keys() }, whose, region)
        const anchors = [...given, ...kept.anchors]
        const { next, problems, ...check } = await reader.verify({ tenantId: whose, after, anchors })
        return {
          ...check,
          // Said once, with the first part.
          problems: [...(after === undefined ? kept.problems : []), ...problems],
          anchors: [...kept.places],
          ...(next === undefined ? {} : { next: placeText(next) }),
        }
      },
    }),
    route({
      ...{ method: 'GET', url: '/api/v1/audit/export', action: 'audit/export', allow: 'decided', ...at },
      summary:
        'Sealed records, the oldest first, one JSON a line: as they are with the signed heads, or as OCSF events',
      query: auditExportQuery,
      answers: { 200: z.unknown() },
      run: async ({ query: { tenant, region, actor: actorId, format, ...rest }, reply }) => {
        const whose = await tenantId(store.read, { tenant })
        const lines = await of(region).export({ filter: { tenantId: whose, actorId, ...rest }, format })
        return reply.type(NDJSON).send(Readable.from(lines, { objectMode: false }))
      },
    }),
  ]
}
