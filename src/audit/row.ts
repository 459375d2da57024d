import { type Hlc, hlcTime } from '../kernel/index.ts'
import { canonical } from './canonical.ts'
import type { AuditActor, AuditEntry } from './entry.ts'

/** As the table has it. */
export type AuditRow = {
  readonly tenant_id: string
  readonly id: string
  readonly region_id: string
  readonly sequence: number
  readonly hash: string
  readonly actor_id: string
  readonly actor_kind: string
  readonly actor_tenant_id: string
  readonly on_behalf_of: string
  readonly managing_tenant_id: string
  readonly action: string
  readonly resource: string
  readonly result: AuditEntry['result']
  readonly policy_id: string
  readonly request_id: string
  readonly detail: string
}

/** An entry as it was recorded; what is absent is ''. */
export type AuditRecord = {
  readonly v: 1
  readonly tenantId: string
  readonly region: string
  /** Its place in the chain of its tenant and region; 0 until it is sealed, a moment after it was recorded. */
  readonly sequence: number
  /** Sorts by time. */
  readonly id: string
  /** UTC milliseconds; the beginning of the id. */
  readonly time: number
  readonly actor: AuditActor
  readonly onBehalfOf: readonly AuditActor[]
  readonly managingTenantId: string
  readonly action: string
  readonly resource: string
  readonly result: AuditEntry['result']
  readonly policyId: string
  readonly requestId: string
  readonly detail: Readonly<Record<string, string | number | boolean>>
  /** '' until it is sealed. */
  readonly hash: string
}

export function toRecord(row: AuditRow): AuditRecord {
  return {
    v: 1,
    tenantId: row.tenant_id,
    region: row.region_id,
    sequence: row.sequence,
    id: row.id,
    time: timeOf(row.id),
    actor: { id: row.actor_id, kind: row.actor_kind, tenantId: row.actor_tenant_id },
    onBehalfOf: parsed<AuditActor[]>(row.on_behalf_of) ?? [],
    managingTenantId: row.managing_tenant_id,
    action: row.action,
    resource: row.resource,
    result: row.result,
    policyId: row.policy_id,
    requestId: row.request_id,
    detail: parsed<AuditRecord['detail']>(row.detail) ?? { damaged: true },
    hash: row.hash,
  }
}

/** The canonical JSON (RFC 8785) of the record without `hash`, under this number: what the chain is made of. */
export function sealedText(row: AuditRow, sequence: number): string {
  const { hash: _, ...record } = toRecord(row)
  return canonical({ ...record, sequence })
}

/** Whether JSON columns hold the very texts that were recorded: other texts may mean the same and are not. */
export function isAsRecorded({ on_behalf_of, detail }: AuditRow): boolean {
  return isCanonical(on_behalf_of) && isCanonical(detail)
}

function isCanonical(text: string): boolean {
  if (text === '[]' || text === '{}') return true
  const value = parsed<Parameters<typeof canonical>[0]>(text)
  return value !== undefined && value !== null && canonical(value) === text
}

/** What somebody altered is still shown, so that it can be looked into; verifying tells. */
function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}

function timeOf(id: string): number {
  return hlcTime(id as Hlc) || 0
}
