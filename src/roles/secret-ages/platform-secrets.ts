import { readCredentials, readSigningKeys } from '../../identity/index.ts'
import { type Config, type Ms, readDataKeys, type Store } from '../../kernel/index.ts'
import { AUDIT_KEYS } from '../audit.ts'
import { type PlatformSecrets, regionKeyName } from '../secrets.ts'
import type { SecretAge, SecretSource } from './source.ts'

type Parts = { config: Config; store: Store; secrets: PlatformSecrets }

/** The platform's own, a few dozen. Those that are replaced already and only still accepted are left out. */
export function platformSecretAges({ config, store, secrets }: Parts): SecretSource {
  const { files } = secrets

  async function all(): Promise<SecretAge[]> {
    const key = await files.keyFacts()
    const dataKeys = await readDataKeys(store.read)
    const passwords = await readCredentials(store.read)
    const signing = (await readSigningKeys(store.read)).filter(({ endsAt }) => endsAt === null)
    const newest = dataKeys.at(-1)
    // A master key is as old as the oldest key that it wraps.
    const wrapped = [...dataKeys, ...(key ? [key] : [])].filter(one => one.masterKeyId === key?.masterKeyId)
    return [
      ...passwords.map(one => age('admin-password', `admin ${one.slot}`, one.changedAt)),
      ...signing.map(one => age('signing-key', one.kid, one.signsFrom)),
      ...(await fileAges()),
      ...(key ? [age('data-key', 'secrets/', key.madeAt)] : []),
      ...(newest ? [age('data-key', newest.id, newest.createdAt)] : []),
      ...(key ? [age('master-key', key.masterKeyId, Math.min(...wrapped.map(one => one.wrappedAt)))] : []),
    ].sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  async function fileAges(): Promise<SecretAge[]> {
    const names = config.regions.map(({ name }) => ['region-key', name, regionKeyName(name)] as const)
    const ages: SecretAge[] = []
    for (const [kind, name, file] of [['audit-key', 'audit', AUDIT_KEYS] as const, ...names]) {
      const madeAt = await files.madeAt(file)
      if (madeAt !== undefined) ages.push(age(kind, name, madeAt))
    }
    return ages
  }

  return {
    name: 'platform',
    read: async (after, limit) => (await all()).filter(({ key }) => key > after).slice(0, limit),
  }
}

function age(kind: string, name: string, createdAt: Ms): SecretAge {
  const times = { createdAt: Math.floor(createdAt), expiresAt: null }
  return { key: `${kind}/${name}`, name, kind, tenantId: '', principalId: '', registryId: '', ...times }
}
