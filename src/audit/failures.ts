import { failure } from '../kernel/index.ts'

/** A defect of whoever records, so 500; the change that it belongs to is rolled back. */
export const AuditEntryUnfit = failure('AUDIT_ENTRY_UNFIT', 500, (why: string) => ({
  says: `An audit entry can not be recorded: ${why}`,
  next: 'Report this: what was asked for is right or wrong without it, and was not done',
}))

export const AuditKeysUnreadable = failure('AUDIT_KEYS', 500, (path: string) => ({
  says: `${path} is not a set of Ed25519 keys whose first one is private`,
  next: 'Restore the file; or verify the audit elsewhere, remove the file and start again: a new key is made',
}))

export const AuditChainBroken = failure('AUDIT_CHAIN_BROKEN', 500, (tenantId: string, region: string, why: string) => ({
  says: `The audit of ${tenantId} in region "${region}" is not sealed any further: ${why}`,
  next: 'See what was altered: towpath audit verify. New entries are kept, unsealed',
}))

export const AuditHeadUnsigned = failure(
  'AUDIT_HEAD_UNSIGNED',
  500,
  (tenantId: string, region: string, keyId: string) => ({
    says: `The head of the audit of ${tenantId} in region "${region}" is not signed by a key of this platform (${keyId})`,
    next: 'See what was altered: towpath audit verify. After the key was rotated start all processes again',
  }),
)

export const AuditChainForked = failure('AUDIT_CHAIN_FORKED', 500, (tenantId: string, region: string, at: number) => ({
  says: `The audit of ${tenantId} in region "${region}" no longer has record ${at} as it was known here`,
  next: 'It was cut back or made anew, or its database was restored alone: towpath audit verify',
}))

export const AuditCursorMalformed = failure('AUDIT_CURSOR_MALFORMED', 400, (text: string) => ({
  says: `"${text.slice(0, 100)}" is not a cursor of the audit`,
  next: 'Send it as it was given with the page before, or leave it out',
}))
