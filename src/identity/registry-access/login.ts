import type { Clock, Ms } from '../../kernel/index.ts'
import type { Caller } from '../access.ts'
import type { KeyRing } from '../tokens/key-ring.ts'
import { type ShownAt, signToken } from '../tokens/token.ts'
import type { TenantAccess } from './tenant-access.ts'

/** The user name beside a refresh token that stands in the place of a password, as ACR has it. */
export const REFRESH_USER = '00000000-0000-0000-0000-000000000000'

type Ref = { readonly tenantId: string; readonly id: string }

/** Whether a region that has heard `access` would let a principal do anything in a registry. */
export function opensAny(access: readonly TenantAccess[], registryId: string, { tenantId, id }: Ref): boolean {
  const own = access.find(one => one.tenantId === tenantId)
  const holder = own?.principals.find(one => one.id === id)
  const grants = own?.registries.find(one => one.id === registryId)?.grants ?? []
  return holder !== undefined && grants.some(one => one.principalId === id || holder.groups.includes(one.principalId))
}

/** What docker is signed in with: a refresh token for one host, which ends with what vouches for the caller. */
export async function signLogin(
  keys: KeyRing,
  clock: Clock,
  { id: caller, proof, ends }: Pick<Caller, 'id' | 'proof' | 'ends'>,
  { audience, registryId, shared }: ShownAt,
): Promise<{ refreshToken: string; expiresAt: Ms }> {
  const claims = { kind: 'refresh_token' as const, caller, audience, registryId, shared, access: [], proof }
  const { token, expires } = await signToken(keys, clock, claims, ends)
  return { refreshToken: token, expiresAt: expires * 1000 }
}
