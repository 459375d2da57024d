import type { Config, Store } from '../../kernel/index.ts'
import type { PlatformSecrets } from '../secrets.ts'
import { providerSecretAges, serviceCertificateAges, serviceSecretAges, tokenPasswordAges } from './callers-secrets.ts'
import { platformSecretAges } from './platform-secrets.ts'
import type { SecretSource } from './source.ts'
import { webhookKeyAges } from './webhook-keys.ts'

type Parts = { config: Config; store: Store; secrets: PlatformSecrets }

/** Everything that is kept secret here, in the order in which it is listed. Whoever adds a kind of secret adds it here. */
export function secretSources(parts: Parts): readonly SecretSource[] {
  return [
    platformSecretAges(parts),
    serviceSecretAges(parts.store),
    serviceCertificateAges(parts.store),
    tokenPasswordAges(parts.store),
    providerSecretAges(parts.store),
    webhookKeyAges(parts.store),
  ]
}
