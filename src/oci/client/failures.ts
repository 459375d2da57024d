import { failure } from '../../kernel/index.ts'

export const RegistryUnreachable = failure('OCI_UNREACHABLE', 502, (host: string, why: string) => ({
  says: `The registry ${host} does not answer: ${why}`,
  next: 'Check the host and the port, and that the registry runs; then do it again: what was transferred is not lost',
}))
export const RegistryUnauthorized = failure('OCI_UNAUTHORIZED', 401, (host: string, what: string, given: boolean) => ({
  says: `The registry ${host} ${given ? 'does not accept the credentials' : 'asks for credentials'} (${what})`,
  next: given ? 'Check the user name and the password' : 'Give a user name and a password',
}))
export const RegistryDenied = failure('OCI_DENIED', 403, (host: string, what: string, said: string) => ({
  says: `The registry ${host} does not allow it (${what})${said}`,
  next: 'Ask whoever runs the registry for the permission, or use another account',
}))
export const ContentUnknown = failure('OCI_UNKNOWN', 404, (host: string, what: string) => ({
  says: `The registry ${host} does not have it (${what})`,
  next: 'Check the name, the tag or the digest',
}))
export const RegistryBusy = failure('OCI_TOO_MANY', 429, (host: string, what: string, retryAfterMs: number) => ({
  says: `The registry ${host} says that there were too many requests (${what})`,
  next: 'Wait a little and do it again: what was transferred is not lost',
  detail: { retryAfterMs },
}))
export const RegistryRefused = failure(
  'OCI_REFUSED',
  400,
  (host: string, what: string, status: number, said: string) => ({
    says: `The registry ${host} refused it with status ${status} (${what})${said}`,
    next: 'Read what the registry says; it does not accept this request as it is',
    detail: { status },
  }),
)
export const RegistryFaulty = failure(
  'OCI_FAULT',
  502,
  (host: string, what: string, status: number, said: string, retryAfterMs: number) => ({
    says: `The registry ${host} failed with status ${status} (${what})${said}`,
    next: 'Do it again later; if it stays, its log says why',
    detail: { status, retryAfterMs },
  }),
)
export const ProtocolBroken = failure('OCI_PROTOCOL', 502, (host: string, why: string) => ({
  says: `The registry ${host} breaks the protocol: ${why}`,
  next: 'Check that this is a registry, and that no proxy between changes its answers',
}))
export const BytesDiffer = failure('OCI_BYTES_DIFFER', 502, (host: string, digest: string, why: string) => ({
  says: `What ${host} sent is not ${digest}: ${why}`,
  next: 'Do it again; if it stays, the registry or something between changes the bytes',
}))
export const Insecure = failure('OCI_INSECURE', 400, (host: string, why: string) => ({
  says: `Not sent to ${host}: ${why}`,
  next: 'Use https at the registry; plain http is for registries on this machine, or with --plain-http',
}))
export const SourceChanged = failure('OCI_SOURCE_CHANGED', 409, (digest: string, why: string) => ({
  says: `The source of ${digest} changed while it was read: ${why}`,
  next: 'Do it again when nothing writes to it',
}))
