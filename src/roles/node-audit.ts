import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { auditExportQuery, auditQuery, auditVerifyQuery } from '../api/index.ts'
import { type AuditKeys, readAnchors } from '../audit/index.ts'
import { type Clock, failure, type Store } from '../kernel/index.ts'
import { CONTROL_REGION } from './audit.ts'
import { answerHashes, answerHeads, hashesQuery, headsQuery, placeText } from './audit-questions.ts'
import { ownAudit } from './own-audit.ts'

const KeysNotYet = failure('AUDIT_KEYS_NOT_YET', 503, (region: string) => ({
  says: `Region "${region}" has no keys of the audit yet, so it can not verify`,
  next: 'Start control and open the secrets: towpath status says whether they are locked',
}))

type Parts = { store: Store; clock: Clock; region: string; keys: () => AuditKeys | undefined }

/** What a node answers of its region's audit; who asks was let through by control, and `tenant` is an id. */
export type NodeAudit = {
  /** Undefined where there is no such question. */
  answer(what: string, query: URLSearchParams): Promise<unknown> | undefined
  export(query: URLSearchParams, res: ServerResponse): Promise<void>
}

export function createNodeAudit({ store, clock, region, keys }: Parts): NodeAudit {
  const audit = ownAudit({
    ...{ store, clock, region },
    keys: async () => {
      const known = keys()
      if (!known) throw KeysNotYet(region)
      return known
    },
  })

  const questions: Readonly<Record<string, (query: Record<string, unknown>) => Promise<unknown>>> = {
    query(asked) {
      const { tenant: tenantId, actor: actorId, before, limit, ...rest } = auditQuery.parse(asked)
      return audit.query({ tenantId, actorId, ...rest }, { before, limit })
    },
    async verify(asked) {
      const { tenant: tenantId, after, anchor: anchors } = auditVerifyQuery.parse(asked)
      const { next, ...check } = await audit.verify({ tenantId, after, anchors })
      return { ...check, ...(next === undefined ? {} : { next: placeText(next) }) }
    },
    heads: asked => answerHeads(store.read, region, headsQuery.parse(asked)),
    hashes: asked => answerHashes(store.read, region, hashesQuery.parse(asked)),
    async anchors(asked) {
      const { tenant } = auditVerifyQuery.pick({ tenant: true }).parse(asked)
      return { anchors: await readAnchors(store.read, tenant, CONTROL_REGION) }
    },
  }

  return {
    answer: (what, query) => (Object.hasOwn(questions, what) ? questions[what]?.(plain(query)) : undefined),
    async export(query, res) {
      const { tenant: tenantId, actor: actorId, format, ...rest } = auditExportQuery.parse(plain(query))
      const lines = await audit.export({ filter: { tenantId, actorId, ...rest }, format })
      res.writeHead(200, { 'content-type': 'application/x-ndjson' })
      await pipeline(Readable.from(lines, { objectMode: false }), res)
    },
  }
}

/** As the API's server reads a query: what is repeated is a list. */
function plain(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...new Set(query.keys())].map(key => {
      const all = query.getAll(key)
      return [key, all.length === 1 ? all[0] : all]
    }),
  )
}
