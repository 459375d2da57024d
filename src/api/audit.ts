import { z } from 'zod'

const time = z.iso.datetime({ offset: true }).transform(text => Date.parse(text))
const name = z.string().min(1).max(2048).optional()
const tenant = z.string().max(100).default('ten_default')
/** Whose database: control's, or that of a region. */
const region = z.string().max(40).default('control')
const filter = {
  tenant,
  region,
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

export const auditRecordShape = z.object({
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
export type AuditRecord = z.output<typeof auditRecordShape>

export const auditQuery = z.object({
  ...filter,
  before: z.string().max(200).optional(),
  limit: z.coerce.number<number | string>().int().min(1).max(500).default(50),
})
export type AuditQuery = z.input<typeof auditQuery>

/** `next` is the `before` of the page after. */
export const auditRecordList = z.object({ records: z.array(auditRecordShape), next: z.string().optional() })
export type AuditRecordList = z.output<typeof auditRecordList>

/** `<sequence>:<hash>`: a place in a chain, as an export's head names it. */
const place = z
  .string()
  .regex(/^[0-9]{1,15}:[A-Za-z0-9_-]{43}$/, 'a sequence and a hash, joined by ":"')
  .transform(text => ({ sequence: Number(text.split(':')[0]), hash: text.split(':')[1] ?? '' }))

export const auditVerifyQuery = z.object({
  tenant,
  region,
  after: place.optional(),
  /** What an export said of the chain; may be repeated. */
  anchor: z.union([place.transform(one => [one]), z.array(place).max(100)]).default([]),
})
export type AuditVerifyQuery = z.input<typeof auditVerifyQuery>

/** What a chain was up to here, signed. An export ends with it. */
export const auditHeadShape = z.object({
  tenantId: z.string(),
  region: z.string(),
  sequence: z.int(),
  hash: z.string(),
  signedAt: z.int(),
  keyId: z.string(),
  signature: z.string(),
})
export type AuditHead = z.output<typeof auditHeadShape>

/** A database that keeps heads of the chain: up to which record, 0 for none; or why it could not be asked. */
export const auditAnchorPlace = z.object({
  at: z.string(),
  upTo: z.int().optional(),
  why: z.string().optional(),
})

/** `next` is the `after` to go on with. */
export const auditCheckShape = z.object({
  region: z.string(),
  checked: z.int(),
  head: auditHeadShape.optional(),
  unsealed: z.int(),
  problems: z.array(z.object({ kind: z.string(), sequence: z.int(), says: z.string() })),
  /** Absent from a server of an earlier version. */
  anchors: z.array(auditAnchorPlace).optional(),
  next: z.string().optional(),
})
export type AuditCheck = z.output<typeof auditCheckShape>

export const auditChainQuery = z.object({ tenant })
export const auditChainList = z.object({ chains: z.array(z.object({ region: z.string() })) })

export const auditExportQuery = z.object({ ...filter, format: z.enum(['jsonl', 'ocsf']).default('jsonl') })
export type AuditExportQuery = z.input<typeof auditExportQuery>
