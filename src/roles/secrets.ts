import { ensureSigningKey, type SigningKey } from '../identity/index.ts'
import { type Clock, type Config, ensureSecret, paths } from '../kernel/index.ts'
import { makeFolder } from './stores.ts'

export type PlatformSecrets = {
  /** Signs the tokens of all regions. */
  readonly signingKey: SigningKey
  /** What each region shows to control, by region name. */
  readonly regionKeys: ReadonlyMap<string, string>
}

/** Reads the platform's own secrets, and makes those that are missing. Safe to call from several processes at once. */
export async function ensureSecrets(config: Config, clock: Clock): Promise<PlatformSecrets> {
  const at = paths(config)
  makeFolder(at.secrets)
  const signingKey = await ensureSigningKey(at.secret('token-signing.jwk'))
  const make = () => Buffer.from(clock.bytes(32)).toString('base64url')
  const keys = config.regions.map(
    ({ name }) => [name, ensureSecret(at.secret(`region-${name}.key`), make).value] as const,
  )
  return { signingKey, regionKeys: new Map(keys) }
}
