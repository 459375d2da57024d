import { z } from 'zod'
import { auditCheckShape, auditHeadShape, auditRecordShape } from '../api/index.ts'
import type { AuditAnchor, AuditFilter, AuditHead } from '../audit/index.ts'
import type { Config } from '../kernel/index.ts'
import { askRegion, streamRegion } from './ask-region.ts'
import { placeText } from './audit-questions.ts'
import type { AuditReader } from './own-audit.ts'

const result = z.enum(['done', 'denied', 'failed'])
const recordPage = z.object({
  records: z.array(auditRecordShape.extend({ result })),
  next: z.string().optional(),
})

/** Under the patience of the command line: 50,000 records take a busy node some seconds. */
const VERIFY_MS = 12_000
const QUERY_MS = 10_000

/** The audit of a region's own database, asked of the region's nodes. Fails with REGION_AWAY where none answers. */
export function regionAuditReader(config: Config, region: string): AuditReader {
  const ask = (what: string, query: URLSearchParams, timeout: number) =>
    askRegion(config, region, `/internal/v1/audit/${what}?${query}`, { timeout })
  return {
    async query(filter, { before, limit }) {
      const query = filterText(filter)
      query.set('limit', String(limit))
      if (before !== undefined) query.set('before', before)
      const { records, next } = recordPage.parse(await ask('query', query, QUERY_MS))
      return { records, ...(next === undefined ? {} : { next }) }
    },

    async verify({ tenantId, after, anchors }) {
      const query = new URLSearchParams({ tenant: tenantId })
      if (after) query.set('after', placeText(after))
      for (const anchor of anchors) query.append('anchor', placeText(anchor))
      const { next, ...check } = auditCheckShape.parse(await ask('verify', query, VERIFY_MS))
      return { ...check, next: next === undefined ? undefined : placeOf(next) }
    },

    export({ filter, format }) {
      const query = filterText(filter)
      query.set('format', format)
      return streamRegion(config, region, `/internal/v1/audit/export?${query}`)
    },
  }
}

const kept = z.object({ anchors: z.array(auditHeadShape).max(100) })

/** What a region keeps of control's chain. */
export async function anchorsAtRegion(config: Config, region: string, tenantId: string): Promise<AuditHead[]> {
  const query = new URLSearchParams({ tenant: tenantId })
  return kept.parse(await askRegion(config, region, `/internal/v1/audit/anchors?${query}`)).anchors
}

function filterText({ tenantId, resource, actorId, action, result, from, to }: AuditFilter): URLSearchParams {
  const time = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString())
  const given = Object.entries({
    ...{ tenant: tenantId, resource, actor: actorId, action, result },
    ...{ from: time(from), to: time(to) },
  })
  return new URLSearchParams(given.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

function placeOf(text: string): AuditAnchor {
  const [sequence, hash = ''] = text.split(':')
  return { sequence: Number(sequence), hash }
}
