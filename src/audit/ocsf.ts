import type { AuditActor } from './entry.ts'
import type { AuditRecord } from './row.ts'

/** The Open Cybersecurity Schema Framework, https://schema.ocsf.io: the release that events here are of. */
const OCSF_VERSION = '1.6.0'

const CATEGORY_APPLICATION = 6
const CLASS_API_ACTIVITY = 6003
const INFORMATIONAL = 1
const LOW = 2

/** By the last word of an action; what is none of them is Other, and `api.operation` says which. */
const ACTIVITIES: Readonly<Record<string, readonly [id: number, name: string]>> = {
  create: [1, 'Create'],
  read: [2, 'Read'],
  list: [2, 'Read'],
  update: [3, 'Update'],
  rotate: [3, 'Update'],
  write: [3, 'Update'],
  delete: [4, 'Delete'],
}

/** An API Activity event (6003), all that the class requires and what else of the record has a place in it. */
export function toOcsf(record: AuditRecord, version: string) {
  const { actor, detail, region, result, resource, policyId, requestId } = record
  const word = record.action.split(/[./]/).at(-1) ?? ''
  const [activity, name] = ACTIVITIES[word] ?? [99, word]
  const { address, ...unmapped } = detail
  return {
    activity_id: activity,
    activity_name: name,
    category_uid: CATEGORY_APPLICATION,
    category_name: 'Application Activity',
    class_uid: CLASS_API_ACTIVITY,
    class_name: 'API Activity',
    type_uid: CLASS_API_ACTIVITY * 100 + activity,
    time: record.time,
    severity_id: result === 'done' ? INFORMATIONAL : LOW,
    status_id: result === 'done' ? 1 : 2,
    status: result === 'done' ? 'Success' : 'Failure',
    status_detail: result,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Towpath', vendor_name: 'Towpath', version },
      uid: record.id,
      sequence: record.sequence,
      tenant_uid: record.tenantId,
      log_name: `audit/${region}`,
      log_provider: 'towpath',
      ...(requestId === '' ? {} : { correlation_uid: requestId }),
    },
    actor: {
      user: user(actor),
      ...(policyId === '' ? {} : { authorizations: [{ decision: result, policy: { uid: policyId } }] }),
    },
    api: {
      operation: record.action,
      service: { name: 'towpath' },
      ...(requestId === '' ? {} : { request: { uid: requestId } }),
    },
    // Required; where no address was recorded it was the platform's own doing.
    src_endpoint: typeof address === 'string' ? { ip: address } : { svc_name: 'towpath' },
    resources: [{ uid: resource, region }],
    unmapped: {
      hash: record.hash,
      onBehalfOf: record.onBehalfOf,
      managingTenantId: record.managingTenantId,
      detail: unmapped,
    },
  }
}

function user({ id, kind, tenantId }: AuditActor) {
  // 1 is a person, 3 a system's or service's account, 99 what `type` says.
  const type = kind === 'user' ? 1 : kind === 'service' || kind === 'managed' ? 3 : 99
  return { uid: id, type_id: type, type: type === 1 ? 'User' : type === 3 ? 'System' : kind, org: { uid: tenantId } }
}
