import type { AdminCredential } from './credentials.ts'
import { type AccessDirectory, accessDirectory } from './registry-access/directory.ts'
import type { Ended } from './registry-access/ended.ts'
import type { TenantAccess } from './registry-access/tenant-access.ts'
import { type TokenDirectory, tokenDirectory } from './tokens/directory.ts'
import type { TokenConfig } from './tokens/rows.ts'

/** What identity needs to know of a registry. */
export type RegistryFacts = {
  readonly id: string
  /** `endpoint`: a token is good at the host that it was asked at. `registry`: at every host of its registry. */
  readonly tokenAudience: 'endpoint' | 'registry'
}

/** All that a caller is checked against, as of one moment. Another moment is another object. */
export type IdentityRows = {
  readonly credentials: readonly AdminCredential[]
  readonly tokens: TokenDirectory
  readonly access: AccessDirectory
  /** What a host means; undefined where registries are not served. */
  registry(host: string): RegistryFacts | undefined
}

export function identityRows(from: {
  credentials: readonly AdminCredential[]
  tokens?: readonly TokenConfig[]
  access?: readonly TenantAccess[]
  ended?: readonly Ended[]
  registry?: (host: string) => RegistryFacts | undefined
}): IdentityRows {
  const { credentials, tokens = [], access = [], ended = [], registry = () => undefined } = from
  return { credentials, tokens: tokenDirectory(tokens), access: accessDirectory(access, ended), registry }
}
