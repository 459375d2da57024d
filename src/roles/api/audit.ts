import { Readable } from 'node:stream'
import { z } from 'zod'
import { type AuditKeys, exportAudit, queryAudit, verifyAudit } from '../../audit/index.ts'
import type { Clock, Store } from '../../kernel/index.ts'
import { CONTROL_REGION } from '../audit.ts'
import { type Route, route } from './route.ts'
import { tenantAt, tenantId } from './tenants.ts'

const NDJSON = 'application/x-ndjson'
/** One answer looks at so many records, half a second's work; its `next` goes on. */
const MOST_VERIFIED = 50_000

const time = z.iso.datetime({ offset: true }).transform(text => Date.parse(text))
const name = z.string().min(1).max(2048).optional()
const tenant = z.string().max(100).default('ten_default')
const filter = {
  tenant,
  resource: name,
  actor: name,
  action: name,
  result: z.enum(['done', 'denied', 'failed']).optional(),
  /** RFC 3339; included. */
  from: time.optional(),
  /** RFC 3339; not included. */
  to: time.optional(),
}

const actor = z.object({ id: z.string(), kind: z.string(), tenantId: z.string() })
const record = z.object({
  v: z.literal(1),
  tenantId: z.string(),
  region: z.string(),
  /** 0 until it is sealed. */
  sequence: z.int(),
  id: z.string(),
  time: z.int(),
  actor,
  onBehalfOf: z.array(actor),
  managingTenantId: z.string(),
  action: z.string(),
  resource: z.string(),
  result: z.string(),
  policyId: z.string(),
  requestId: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  hash: z.string(),
})

/** `<sequence>:<hash>`: a place in a chain, as an export's head names it. */
const place = z
  .string()
  .regex(/^[0-9]{1,15}:[A-Za-z0-9_-]{43}$/, 'a sequence and a hash, joined by ":"')
  .transform(text => ({ sequence: Number(text.split(':')[0]), hash: text.split(':')[1] ?? '' }))
const places = z.union([place.transform(one => [one]), z.array(place).max(100)]).default([])

const head = z.object({
  tenantId: z.string(),
  region: z.string(),
  sequence: z.int(),
  hash: z.string(),
  signedAt: z.int(),
  keyId: z.string(),
  signature: z.string(),
})

type Parts = { store: Store; clock: Clock; keys: AuditKeys; version: string }

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
      query: z.object({
        ...filter,
        before: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
      }),
      answers: { 200: z.object({ records: z.array(record), next: z.string().optional() }) },
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
      query: z.object({
        tenant,
        region: z.string().max(40).default(CONTROL_REGION),
        after: place.optional(),
        /** What an export said of the chain; may be repeated. */
        anchor: places,
      }),
      answers: {
        200: z.object({
          region: z.string(),
          checked: z.int(),
          head: head.optional(),
          unsealed: z.int(),
          problems: z.array(z.object({ kind: z.string(), sequence: z.int(), says: z.string() })),
          next: z.string().optional(),
        }),
      },
      run: async ({ query: { tenant, region, after, anchor: anchors } }) => {
        const whose = await tenantId(store.read, { tenant })
        const asked = { store, clock, keys, tenantId: whose, region, after, anchors, limit: MOST_VERIFIED }
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
      query: z.object({ ...filter, format: z.enum(['jsonl', 'ocsf']).default('jsonl') }),
      answers: { 200: z.unknown() },
      run: async ({ query: { tenant, actor: actorId, format, ...rest }, reply }) => {
        const whose = await tenantId(store.read, { tenant })
        const lines = exportAudit(store.read, { filter: { tenantId: whose, actorId, ...rest }, format, version })
        return reply.type(NDJSON).send(Readable.from(lines, { objectMode: false }))
      },
    }),
  ]
}
