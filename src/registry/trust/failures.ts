import { failure } from '../../kernel/index.ts'

// Thrown and caught in this folder: a signature that can't be read is shown with its reason.
export const DocumentUnreadable = failure('TRUST_DOCUMENT_UNREADABLE', 422, (why: string) => ({
  says: `It can't be read: ${why}`,
  next: 'Push it again as the tool that made it writes it',
}))

type Missing = { readonly name: string; readonly keys: readonly { readonly name: string }[] }

// The specification's code: clients show its message.
export const Unsigned = failure(
  'DENIED',
  403,
  (repository: string, reference: string, digest: string, missing: readonly Missing[]) => ({
    says: `${reference} of ${repository} may not be pulled: ${missing.map(one => `trust policy "${one.name}" found no signature by ${oneOf(one.keys)}`).join('; ')}`,
    next: `Sign ${repository}@${digest} with cosign by such a key and pull again; towpath manifest list-referrers shows what signatures there are`,
    detail: {
      repository,
      reference,
      digest,
      missing: missing.map(({ name, keys }) => ({ policy: name, keys: keys.map(key => key.name) })),
    },
  }),
)

function oneOf(keys: Missing['keys']): string {
  const names = keys.map(key => `"${key.name}"`)
  return names.length === 1 ? `key ${names[0]}` : `any of the keys ${names.join(', ')}`
}

export const ReportUnreadable = failure('REPORT_UNREADABLE', 422, (digest: string, why: string) => ({
  says: `${digest} can't be shown as a report: ${why}`,
  next: 'Reports are SARIF or CycloneDX with vulnerabilities, in JSON of 8 MiB at most; pull it to look at what it holds',
}))
