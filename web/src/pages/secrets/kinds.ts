import type { SecretAge } from '../../api/secrets.ts'

type Kind = {
  label: string
  /** What replaces it, for who stands before it. */
  next: (secret: SecretAge) => string
  /** To be run where the platform is. */
  command?: (secret: SecretAge) => string
}

const KINDS: Readonly<Record<string, Kind>> = {
  'admin-password': {
    label: 'Password of the admin',
    next: () => 'Replace it; the other one keeps working meanwhile.',
    command: ({ name }) => `towpath admin rotate ${name.split(' ').at(-1)}`,
  },
  'signing-key': {
    label: 'Key that signs tokens',
    next: () => 'Rotate it; tokens that it signed stay good until they end.',
    command: () => 'towpath signing-keys rotate',
  },
  'master-key': {
    label: 'Master key',
    next: () => 'Replace it. Where secrets.masterKey of towpath.yaml is set, put the new key on its first line before.',
    command: () => 'towpath admin master-key rotate',
  },
  'data-key': {
    label: 'Data key',
    next: () =>
      'A new master key wraps it anew, which is enough while it did not leak. Where it did, replace the secrets that it seals.',
    command: () => 'towpath admin master-key rotate',
  },
  'audit-key': {
    label: 'Key that signs the audit',
    next: () =>
      'Verify and export the audit, stop the platform, take secrets/audit-signing.jwks away and start: a new one is made, and what the old one signed keeps counting.',
    command: () => 'towpath audit verify',
  },
  'region-key': {
    label: 'Key of a region',
    next: ({ name }) =>
      `Stop the platform, take secrets/region-${name}.key away and start: a new one is made. A region on another machine needs the new file.`,
  },
  'service-secret': {
    label: 'Secret of a program',
    next: () => 'Make a new one for the program, give it to it, then delete this one.',
  },
  'service-certificate': {
    label: 'Certificate of a program',
    next: () => 'Add the certificate that comes after it, let the program sign by that key, then remove this one.',
  },
  'token-password': {
    label: 'Password of a registry token',
    next: () => 'Make the other password of the token, move its clients there, then make this one anew.',
  },
  'webhook-key': {
    label: 'Key of a webhook',
    next: () => 'Make a new one (towpath webhook update NAME --new-key), and give it to the receiver at once.',
  },
  'provider-secret': {
    label: 'Client secret of a sign-in provider',
    next: () => 'Make a new one at the provider, set it here, sign in once, then delete the old one there.',
  },
}

/** A later version may list more kinds. */
export function kindOf({ kind }: SecretAge): Kind {
  return KINDS[kind] ?? { label: kind, next: () => 'See its documentation for how it is replaced.' }
}
