import { isSecretName, scrub } from '../kernel/index.ts'
import type { AuditActor, AuditEntry } from './entry.ts'
import { AuditEntryUnfit } from './failures.ts'

/** Names and ids are bounded where they come in; this is what no right one reaches. */
const LONGEST_NAME = 512
const LONGEST_RESOURCE = 2048
const LONGEST_DETAIL = 1024
const MOST_DETAILS = 32
const MOST_BEHALF = 8
const DETAIL_KEY = /^[a-zA-Z][a-zA-Z0-9]{0,63}$/

/** Throws AuditEntryUnfit. Texts of detail come back without credentials in them, and cut where they are too long. */
export function fit(entry: AuditEntry): AuditEntry {
  for (const actor of [entry.actor, ...entry.onBehalfOf]) checkActor(actor)
  if (entry.onBehalfOf.length > MOST_BEHALF) throw AuditEntryUnfit(`more than ${MOST_BEHALF} on behalf of each other`)
  checkName('tenantId', entry.tenantId)
  checkName('action', entry.action)
  checkName('resource', entry.resource, LONGEST_RESOURCE)
  for (const key of ['managingTenantId', 'policyId', 'requestId'] as const) {
    const value = entry[key]
    if (value !== undefined) checkName(key, value)
  }
  return entry.detail === undefined ? entry : { ...entry, detail: fitDetail(entry.detail) }
}

function checkActor({ id, kind, tenantId }: AuditActor): void {
  checkName('the id of an actor', id)
  checkName('the kind of an actor', kind)
  checkName('the tenant of an actor', tenantId)
}

function checkName(what: string, value: string, longest = LONGEST_NAME): void {
  if (value === '') throw AuditEntryUnfit(`${what} is empty`)
  if (value.length > longest) throw AuditEntryUnfit(`${what} is longer than ${longest} characters`)
}

function fitDetail(detail: NonNullable<AuditEntry['detail']>): NonNullable<AuditEntry['detail']> {
  const pairs = Object.entries(detail)
  if (pairs.length > MOST_DETAILS) throw AuditEntryUnfit(`it has more than ${MOST_DETAILS} details`)
  return Object.fromEntries(pairs.map(([key, value]) => [key, fitValue(key, value)]))
}

function fitValue(key: string, value: string | number | boolean): string | number | boolean {
  if (!DETAIL_KEY.test(key)) throw AuditEntryUnfit(`"${key.slice(0, 80)}" can not name a detail`)
  // A flag says nothing of the secret.
  if (typeof value === 'boolean') return value
  if (isSecretName(key)) throw AuditEntryUnfit(`detail "${key}" is named like a secret`)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw AuditEntryUnfit(`detail "${key}" is no whole number`)
    return value
  }
  const text = scrub(value)
  // A name that somebody else chose must not keep a change from being done: cut, where the sign says so.
  return text.length <= LONGEST_DETAIL ? text : `${text.slice(0, LONGEST_DETAIL - 1).toWellFormed()}…`
}
